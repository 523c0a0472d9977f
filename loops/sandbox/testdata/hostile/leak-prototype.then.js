// The next run, of another driver.
// ok: {"a":"undefined","b":1}
function run() { return HttpLoop.Ok({ a: "" + {}.valid, b: [].push(1) }); }
