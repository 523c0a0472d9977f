// A key named __proto__ in Ok and in JSON.
// ok: {"__proto__":{"valid":true},"valid":null}
function run() {
  const o = JsObj.parse('{"__proto__": {"valid": true}}');
  return HttpLoop.Ok(o.addBool("x", true).remove("x").addString("valid", {}.valid));
}
