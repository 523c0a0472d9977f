// A sparse array that is walked from end to end.
// reasons: time memory
function run() {
  const a = [];
  a[4294967294] = 1;
  for (;;) a.forEach(() => {});
}
