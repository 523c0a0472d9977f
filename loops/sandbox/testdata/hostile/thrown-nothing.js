// A thrown undefined.
// reasons: contract
function run() { throw undefined; }
