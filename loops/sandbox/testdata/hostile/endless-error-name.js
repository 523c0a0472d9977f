// A thrown Error whose name is a getter on its prototype that never returns.
// reasons: time
function run() {
  Object.defineProperty(Error.prototype, "name", { get() { for (;;) {} } });
  throw new Error("x");
}
