// JSON.stringify of an object that holds itself.
// reasons: contract
function run() {
  const o = {};
  o.o = o;
  return JSON.stringify(o);
}
