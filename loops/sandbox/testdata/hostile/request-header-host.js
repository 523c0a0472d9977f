// A Host header.
// reasons: egress
function run() { return HttpLoop.callBuilder("GET", "https://a.example/").withHeader("hOST", "evil.example"); }
