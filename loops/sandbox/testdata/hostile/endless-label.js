// A loop that continues an outer loop by its label.
// reasons: time
function run() {
  outer: for (;;) {
    for (;;) continue outer;
  }
}
