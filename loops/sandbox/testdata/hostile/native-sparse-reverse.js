// A sparse array of 2**32-1 places, reversed.
// reasons: time memory
function run() {
  const a = [];
  a[4294967294] = 1;
  a.reverse();
  for (;;) a.reverse();
}
