// A file as an address.
// reasons: egress
function run() { return HttpLoop.callBuilder("GET", "file:///etc/passwd"); }
