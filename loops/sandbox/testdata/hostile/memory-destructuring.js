// Destructuring of an endless iterator into a rest.
// reasons: time memory
function run() {
  const [first, ...rest] = { *[Symbol.iterator]() { for (;;) yield "x".repeat(100); } };
  return rest.length;
}
