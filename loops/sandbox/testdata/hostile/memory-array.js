// An array of texts that grows.
// reasons: memory
function run() {
  const a = [];
  for (;;) a.push("x".repeat(1000) + a.length);
}
