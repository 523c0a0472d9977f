// A body of ten million characters.
// reasons: contract
function run() { return HttpLoop.callBuilder("POST", "https://a.example").withText("x".repeat(1e7)); }
