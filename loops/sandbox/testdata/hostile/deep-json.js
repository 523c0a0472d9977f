// JSON of ten million brackets.
// reasons: memory
function run() { JSON.parse("[".repeat(1e7)); }
