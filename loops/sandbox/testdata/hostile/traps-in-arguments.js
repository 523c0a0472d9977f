// toString, valueOf, toJSON, Symbol.toPrimitive and proxies at every argument of every function of the contract.
// ok: {"ran":0,"left":0}
let ran = 0;
const trap = () => {
  ran++;
  return "1";
};
const traps = [
  { toString: trap },
  { valueOf: trap },
  { [Symbol.toPrimitive]: trap },
  Object.assign(() => "1", { toString: trap }),
  Object.assign([], { toString: trap, join: trap }),
  new Date(NaN),
];
function run() {
  const builder = () => HttpLoop.callBuilder("GET", "https://a.example/");
  const owners = [HttpLoop, JsObj, JsArr, crypto, clock, JsObj.empty, JsArr.empty, builder()];
  let left = 0;
  for (const owner of owners) {
    const holders = [owner, Object.getPrototypeOf(owner)];
    for (const holder of holders.filter((h) => h !== Object.prototype)) {
      for (const name of Object.getOwnPropertyNames(holder)) {
        for (const bad of traps) {
          for (let at = 0; at < 4; at++) {
            const args = ["md5", "2", "hex", "a"].map((good, n) => (n === at ? bad : good));
            try {
              owner[name](...args);
            } catch (e) {
              if (!(e instanceof Error)) left++;
            }
          }
        }
      }
    }
  }
  return HttpLoop.Ok({ ran, left });
}
