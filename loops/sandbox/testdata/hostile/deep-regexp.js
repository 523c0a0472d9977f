// A regular expression with a million groups in one another.
// reasons: memory contract time
function run() { new RegExp("(".repeat(1e6) + ")".repeat(1e6)); }
