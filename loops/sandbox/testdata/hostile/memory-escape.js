// encodeURIComponent, which makes a text longer each time.
// reasons: memory
function run() {
  let s = "%";
  for (;;) s = encodeURIComponent(s + s);
}
