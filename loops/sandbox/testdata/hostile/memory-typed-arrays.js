// Typed arrays that are kept.
// reasons: memory contract
function run() {
  const kept = [];
  for (;;) kept.push(new Float64Array(1e6).fill(kept.length));
}
