// A loop that goes on in finally when it is stopped.
// reasons: time
function run() {
  for (;;) {
    try {
      for (;;) {}
    } finally {
      continue;
    }
  }
}
