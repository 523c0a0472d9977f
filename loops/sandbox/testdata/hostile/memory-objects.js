// Objects that hold objects.
// reasons: memory
function run() {
  let a = {};
  for (;;) a = { a, b: [a, a] };
}
