// A JsObj that grows key by key, each time as a copy.
// reasons: time memory
function run() {
  let o = JsObj.empty;
  for (let n = 0; ; n++) o = o.addInt("key-" + n, n);
}
