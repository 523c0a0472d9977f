// Half characters in a value of Ok.
// ok: {"a":"�b","c":"😀"}
function run() { return HttpLoop.Ok({ a: "\udc00b", c: "\ud83d\ude00" }); }
