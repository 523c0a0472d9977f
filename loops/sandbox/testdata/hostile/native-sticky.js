// A sticky expression whose lastIndex is set back for ever.
// reasons: time
function run() {
  const r = /a/y;
  while (r.test("a")) r.lastIndex = 0;
}
