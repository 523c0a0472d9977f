// A thrown text.
// reasons: contract
function run() { throw "x"; }
