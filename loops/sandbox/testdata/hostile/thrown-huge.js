// A thrown Error with a message of fifty million characters.
// reasons: memory contract
function run() { throw new Error("x".repeat(5e7)); }
