// The next run, of another driver.
// ok: {"json":"{\"a\":1}","cut":"ell","match":"l","map":2}
function run() {
  return HttpLoop.Ok({ json: JSON.stringify(JSON.parse("{\"a\":1}")), cut: "hello".substring(1, 4), match: /l/.exec("hello")[0], map: new Map([[1, 2]]).get(1) });
}
