// Recursion through native code: sort calls a function that sorts.
// reasons: memory contract time
function run() {
  const again = () => [2, 1].sort(again);
  again();
}
