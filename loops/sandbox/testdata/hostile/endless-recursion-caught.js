// Recursion that catches its own overflow and starts again.
// reasons: time memory contract
function deep() {
  try {
    deep();
  } catch (e) {
    deep();
  }
}
function run() { for (;;) deep(); }
