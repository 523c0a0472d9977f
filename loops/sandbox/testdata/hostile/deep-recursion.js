// A function that calls itself.
// reasons: memory
function run() { return run() + 1; }
