// Fields and methods of the host's own values behind the handles.
// ok: {"found":""}
function run(obj) {
  const handles = { obj, empty: JsObj.empty, array: JsArr.empty, ok: HttpLoop.Ok({}), builder: HttpLoop.callBuilder("GET", "https://a.example/"), secrets };
  const found = [];
  for (const [name, handle] of Object.entries(handles)) {
    for (const key of [...Reflect.ownKeys(handle), ...Object.keys(handle)]) found.push(name + "." + String(key));
    for (const key of ["Values", "values", "MarshalJSON", "marshalJSON", "keys0", "request", "Request", "answer", "m", "question"]) {
      let value;
      try {
        value = handle[key];
      } catch (e) {}
      if (value !== undefined) found.push(name + "." + key);
    }
  }
  return HttpLoop.Ok({ found: found.join(" ") });
}
