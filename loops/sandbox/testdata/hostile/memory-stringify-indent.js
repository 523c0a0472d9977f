// JSON.stringify with an indent, nested deep.
// reasons: time memory contract
function run() {
  let a = [];
  for (let n = 0; n < 20000; n++) a = [a];
  return JSON.stringify(a, null, 10).length;
}
