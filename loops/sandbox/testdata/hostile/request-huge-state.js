// A state of a million characters.
// reasons: contract
function run() { return HttpLoop.callBuilder("GET", "https://a.example/").build({ s: "x".repeat(1e6) }); }
