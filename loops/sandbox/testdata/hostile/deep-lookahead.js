// A regular expression with a hundred thousand lookaheads in one another.
// reasons: memory contract time
function run() { new RegExp("(?=".repeat(1e5) + ")".repeat(1e5)).test("x"); }
