// A WeakMap whose keys are kept.
// reasons: memory
function run() {
  const m = new WeakMap();
  const kept = [];
  for (;;) {
    const key = {};
    kept.push(key);
    m.set(key, kept.length);
  }
}
