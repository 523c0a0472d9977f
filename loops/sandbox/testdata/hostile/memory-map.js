// A Map that grows.
// reasons: memory
function run() {
  const m = new Map();
  for (let n = 0; ; n++) m.set(n, "v" + n);
}
