// Ok with a symbol in it.
// reasons: contract
function run() { return HttpLoop.Ok({ code: Symbol("1234") }); }
