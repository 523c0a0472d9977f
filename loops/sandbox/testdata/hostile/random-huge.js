// Random bytes by the tebibyte.
// reasons: contract
function run() { return crypto.random(2 ** 40, "hex"); }
