// A text that doubles.
// reasons: memory
function run() {
  let s = "xy";
  for (;;) s += s;
}
