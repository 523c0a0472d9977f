// Closures that hold closures.
// reasons: memory
function run() {
  let f = () => 0;
  for (;;) {
    const g = f;
    f = () => g;
  }
}
