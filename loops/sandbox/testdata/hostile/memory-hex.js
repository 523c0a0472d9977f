// crypto.hex of its own result.
// reasons: memory
function run() {
  let s = "x";
  for (;;) s = crypto.hex(s);
}
