// Ok with a JsObj that holds another twice, sixty times over.
// reasons: time memory
function run() {
  let o = JsObj.empty.addString("x", "y");
  for (let n = 0; n < 60; n++) o = JsObj.empty.addObj("a", o).addObj("b", o);
  return HttpLoop.Ok(o);
}
