// An address of a million characters.
// reasons: contract
function run() { return HttpLoop.callBuilder("GET", "https://a.example/" + "x".repeat(1e6)); }
