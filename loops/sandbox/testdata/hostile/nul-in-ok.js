// NUL and terminal escapes in Ok.
// ok: {"code":"1\u00002\u001b[2J"}
function run() { return HttpLoop.Ok({ code: "1\u00002\u001b[2J" }); }
