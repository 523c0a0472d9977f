// A NUL in the address.
// reasons: egress
function run() { return HttpLoop.callBuilder("GET", "https://a.example/\u0000"); }
