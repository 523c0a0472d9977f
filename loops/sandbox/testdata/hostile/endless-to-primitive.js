// A Symbol.toPrimitive that never returns.
// reasons: time
function run() { return "" + { [Symbol.toPrimitive]() { for (;;) {} } }; }
