// A global, carried to the next run.
// ok: {}
function run() {
  globalThis.kept = secrets.token;
  return HttpLoop.Ok({});
}
