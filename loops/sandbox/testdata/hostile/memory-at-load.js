// Memory taken while the script is loaded.
// reasons: memory
const kept = [];
for (;;) kept.push("x".repeat(1000) + kept.length);
function run() {}
