// The metadata service of a cloud.
// reasons: egress
function run() { return HttpLoop.callBuilder("GET", "https://169.254.169.254/latest/meta-data/"); }
