// A header value of a million characters.
// reasons: contract
function run() { return HttpLoop.callBuilder("GET", "https://a.example/").withHeader("A", "x".repeat(1e6)); }
