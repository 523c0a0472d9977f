// Ok with a key of a million characters.
// reasons: contract
function run() { return HttpLoop.Ok({ ["k".repeat(1e6)]: 1 }); }
