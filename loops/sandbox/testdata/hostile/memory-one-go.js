// A text of a tebibyte.
// reasons: memory
function run() { return "a".repeat(2 ** 40); }
