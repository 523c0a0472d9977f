// Half a character in a key of Ok.
// reasons: contract
function run() { return HttpLoop.Ok({ "a\ud800": "b" }); }
