// The next run, of another driver.
// ok: {"kept":"undefined","own":false}
function run() { return HttpLoop.Ok({ kept: typeof kept, own: "kept" in globalThis }); }
