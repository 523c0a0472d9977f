// Shared memory, to build a clock with.
// reasons: contract
function run() { return new SharedArrayBuffer(8); }
