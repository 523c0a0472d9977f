// A regular expression that backtracks for ever.
// reasons: time
function run() { /^(?=a)(a+)+$/.test("a".repeat(40) + "!"); }
