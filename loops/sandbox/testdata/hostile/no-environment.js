// The environment.
// reasons: contract
function run() { return process.env; }
