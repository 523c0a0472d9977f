// Symbols and a Set of them.
// reasons: time memory
function run() {
  const s = new Set();
  for (let n = 0; ; n++) s.add(Symbol.for("name-" + n));
}
