// A bound function of a bound function, two hundred thousand deep.
// reasons: memory contract time
function run() {
  let f = () => 1;
  for (let n = 0; n < 2e5; n++) f = f.bind(null, n);
  return f();
}
