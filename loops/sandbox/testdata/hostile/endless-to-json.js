// JSON.stringify with a toJSON that never returns.
// reasons: time
function run() { JSON.stringify({ toJSON() { for (;;) {} } }); }
