// A worker that dies with a secret in its memory.
// reasons: memory
function run() {
  globalThis.kept = secrets.token.repeat(1e6);
  return "a".repeat(2 ** 40);
}
