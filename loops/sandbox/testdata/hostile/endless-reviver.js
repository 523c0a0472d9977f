// JSON.parse with a reviver that never returns.
// reasons: time
function run() { JSON.parse("[1]", () => { for (;;) {} }); }
