// concat with an array that doubles.
// reasons: memory
function run() {
  let a = [1, 2];
  for (;;) a = a.concat(a);
}
