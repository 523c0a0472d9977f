// replace with an expression that backtracks at every place.
// reasons: time
function run() { return "a".repeat(5000).replace(/(?=a)(a*)*b/g, "").length; }
