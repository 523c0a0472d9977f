// Recursion through toString.
// reasons: memory contract time
function run() {
  const o = { toString() { return "" + o; } };
  return "" + o;
}
