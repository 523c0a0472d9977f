// flat of an array that holds itself.
// reasons: memory contract time
function run() {
  const a = [1];
  a.push(a);
  return a.flat(Infinity).length;
}
