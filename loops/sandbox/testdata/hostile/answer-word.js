// error with a word that is a line of a log.
// reasons: contract
function run() { return HttpLoop.error("x\nlevel=INFO msg=signed-in"); }
