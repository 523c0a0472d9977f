// A second request in the method.
// reasons: egress
function run() { return HttpLoop.callBuilder("GET / HTTP/1.1\r\nHost: evil.example\r\n\r\nGET", "https://a.example/"); }
