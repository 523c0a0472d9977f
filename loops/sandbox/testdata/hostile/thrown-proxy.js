// A thrown proxy of an Error whose traps throw.
// reasons: contract
function run() {
  throw new Proxy(new Error("x"), {
    get() { throw new Error("get"); },
    getPrototypeOf() { throw new Error("prototype"); },
  });
}
