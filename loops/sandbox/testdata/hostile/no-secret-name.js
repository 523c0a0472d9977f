// A secret that another driver has.
// reasons: contract
function run() { return HttpLoop.Ok({ key: secrets.other_driver_key }); }
