// A microtask that is left over when the run ends.
// ok: {}
function run() {
  Promise.resolve().then(() => { globalThis.kept = secrets.token; Object.prototype.kept = secrets.token; });
  return HttpLoop.Ok({});
}
