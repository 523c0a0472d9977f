// A line break in the address.
// reasons: egress
function run() { return HttpLoop.callBuilder("GET", "https://a.example/\r\nHost: evil.example"); }
