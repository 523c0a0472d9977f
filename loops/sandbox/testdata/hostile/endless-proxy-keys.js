// A proxy in Ok whose list of keys never comes.
// reasons: time
function run() { return HttpLoop.Ok(new Proxy({}, { ownKeys() { for (;;) {} } })); }
