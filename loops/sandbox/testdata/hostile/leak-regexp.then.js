// The next run, of another driver.
// ok: {"last":"undefined","kept":"undefined"}
function run() { return HttpLoop.Ok({ last: "" + RegExp.$1, kept: "" + RegExp.kept }); }
