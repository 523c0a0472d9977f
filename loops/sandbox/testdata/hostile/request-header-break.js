// A line break in a header's value.
// reasons: egress
function run() { return HttpLoop.callBuilder("GET", "https://a.example/").withHeader("A", "b\r\nHost: evil.example"); }
