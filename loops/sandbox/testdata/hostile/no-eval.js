// Code from text.
// reasons: contract
function run() { return (0, eval)("1"); }
