// Half a character in the address's host.
// reasons: egress
function run() { return HttpLoop.callBuilder("GET", "https://a\ud800.example/"); }
