// Ok with an array of a thousand million places.
// reasons: contract
function run() { return HttpLoop.Ok({ a: Array(1e9) }); }
