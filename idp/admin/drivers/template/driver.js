// What the provider wants and answers stands on its page; put the address into the manifest.
// secrets.TOKEN what the provider gave you; set it under Secrets.
/** @param {Input} obj @param {Result | null} result */
function run(obj, result) {
  if (result == null) {
    return HttpLoop.callBuilder("POST", "https://api.provider.example/call")
      .withHeader("Authorization", "Bearer " + secrets.TOKEN)
      .withBody(JsObj.empty.addString("to", obj.asString("phone_number")));
  }
  if (result.status() == 200) {
    return HttpLoop.Ok(JsObj.empty.addString("code", result.body().asString("caller")));
  }
  return HttpLoop.error("wrong_http_status", { status: "" + result.status() });
}
