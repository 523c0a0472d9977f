// A thrown Error whose message throws another, and so on.
// reasons: contract
function trap() {
  const e = new Error("x");
  Object.defineProperty(e, "message", { get() { throw trap(); } });
  return e;
}
function run() { throw trap(); }
