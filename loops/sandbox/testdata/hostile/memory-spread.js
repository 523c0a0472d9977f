// A call with two million arguments.
// reasons: time memory contract
function run() {
  let a = [0];
  while (a.length < 2e6) a = [...a, ...a];
  return Math.max(...a) + ((...all) => all.length)(...a, ...a, ...a, ...a, ...a, ...a, ...a, ...a);
}
