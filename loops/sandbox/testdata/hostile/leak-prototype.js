// A polluted prototype, carried to the next run.
// ok: {}
function run() {
  Object.prototype.valid = true;
  Array.prototype.push = () => secrets.token;
  return HttpLoop.Ok(JsObj.empty);
}
