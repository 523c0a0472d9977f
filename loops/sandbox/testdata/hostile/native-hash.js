// Digests of a long text without end.
// reasons: time
function run() {
  const text = "x".repeat(1e6);
  for (;;) crypto.hash("sha512", text);
}
