// Plain http.
// reasons: egress
function run() { return HttpLoop.callBuilder("GET", "http://a.example/"); }
