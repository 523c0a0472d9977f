// The function that called this one.
// reasons: contract
function run() { return run.caller.arguments; }
