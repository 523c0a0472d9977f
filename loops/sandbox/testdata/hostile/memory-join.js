// join of a long array of nothing with a long separator.
// reasons: time memory
function run() { return Array(1e6).join("x".repeat(1e5)).length; }
