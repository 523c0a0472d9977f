// Ok with a function in it.
// reasons: contract
function run() { return HttpLoop.Ok({ code: () => "1234" }); }
