// A chain of two hundred thousand prototypes, searched to its end again and again.
// reasons: memory time
function run() {
  let o = {};
  for (let n = 0; n < 2e5; n++) o = Object.create(o);
  for (;;) o.missing;
}
