// A comparison that never agrees with itself.
// reasons: time memory
function run() {
  const a = Array(1e6).fill(0);
  for (;;) a.sort(() => 0.5);
}
