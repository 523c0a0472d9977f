// The contract's own functions, replaced.
// ok: {"code":"1234","threw":5}
function run() {
  let threw = 0;
  const attempts = [
    () => { HttpLoop.Ok = () => 1; },
    () => { Object.defineProperty(HttpLoop, "Ok", { value: () => 1 }); },
    () => { Object.getPrototypeOf(JsObj.empty).asString = () => 1; },
    () => { delete globalThis.secrets; },
    () => { secrets.token = "x"; },
  ];
  for (const attempt of attempts) {
    try {
      attempt();
    } catch (e) {
      threw++;
    }
  }
  return HttpLoop.Ok({ code: "1234", threw });
}
