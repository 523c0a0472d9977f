// The driver of Blitz Identity Provider's published example ("provider X"), in JavaScript. Start from it to write your own.
// It keeps Blitz's word wrong_http_status, which Ringtail judges by its status; a driver of your own says one of the ten words.
//
// secrets.token what the provider gave you
// The next line is for editors: see loops.d.ts.
/** @param {Input} obj @param {Result | null} result */
function run(obj, result) {
  if (result == null) {
    const number = obj.asString("phone_number");
    return HttpLoop.callBuilder("POST", "https://provider.example/call")
      .withHeader("Token", secrets.token)
      .withBody(JsObj.empty.addString("id", "test").addString("dst_number", number.substring(number.length - 10)))
      .build(JsObj.empty);
  } else if (result.status() == 200) {
    return HttpLoop.Ok(JsObj.empty.addString("code", result.body().asString("SenderID")));
  }
  return HttpLoop.error("wrong_http_status", { status: "" + result.status() });
}
