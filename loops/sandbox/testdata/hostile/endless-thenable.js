// An await of a thenable that never gives back control.
// reasons: time
async function run() { await { then() { for (;;) {} } }; }
