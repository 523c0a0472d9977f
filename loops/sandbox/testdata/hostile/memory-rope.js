// A text that grows by small pieces and is read each time.
// reasons: time memory
function run() {
  let s = "";
  for (;;) {
    s += "\u0431\u0432".repeat(1000);
    s.charCodeAt(s.length - 1);
  }
}
