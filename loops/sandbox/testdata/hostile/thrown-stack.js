// A thrown Error with a stack and a prepareStackTrace of the script's own.
// reasons: contract
function run() {
  Error.prepareStackTrace = () => "/etc/passwd:1:1";
  const e = new Error("x");
  Object.defineProperty(e, "stack", { get() { for (;;) {} } });
  throw e;
}
