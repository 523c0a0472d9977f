// A product of BigInts that grows without end.
// reasons: time memory
function run() {
  let n = 3n;
  for (;;) n *= n;
}
