// A loop that catches whatever stops it.
// reasons: time
function run() {
  for (;;) {
    try {
      for (;;) {}
    } catch (e) {}
  }
}
