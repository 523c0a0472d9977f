// A thrown Error whose message never comes.
// reasons: time
function run() {
  const e = new Error("x");
  Object.defineProperty(e, "message", { get() { for (;;) {} } });
  throw e;
}
