// A regular expression with a back reference that backtracks for ever.
// reasons: time
function run() { /^(a|aa)+\1$/.test("a".repeat(60) + "!"); }
