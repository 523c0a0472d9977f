// The next run, of another driver.
// ok: {"kept":"undefined","has":false}
function run() { return HttpLoop.Ok({ kept: typeof kept, has: "token" in secrets }); }
