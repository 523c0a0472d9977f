// An expression that matches nothing, everywhere, again and again.
// reasons: time memory
function run() {
  const text = "x".repeat(1e6);
  for (;;) text.match(/(?:)/g);
}
