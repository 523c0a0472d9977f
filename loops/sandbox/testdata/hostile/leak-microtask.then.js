// The next run, of another driver.
// ok: {"kept":"undefined"}
function run() { return HttpLoop.Ok({ kept: "" + {}.kept }); }
