// A JsObj nested a million deep, as Ok.
// reasons: time memory contract
function run() {
  let o = JsObj.empty;
  for (let n = 0; n < 1e6; n++) o = JsObj.empty.addObj("a", o);
  return HttpLoop.Ok(o);
}
