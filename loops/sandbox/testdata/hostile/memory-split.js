// split of a long text into characters, kept.
// reasons: time memory
function run() {
  const kept = [];
  for (;;) kept.push("x".repeat(1e5).split(""));
}
