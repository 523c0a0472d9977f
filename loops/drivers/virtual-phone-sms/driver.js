// Writes to the virtual phone of `ringtail demo`: the whole text comes from Ringtail, with the code in it.
//
// secrets.URL   where the virtual phone listens, like http://localhost:8402
// secrets.TOKEN what it was started with
function run(obj, result) {
  if (result == null) {
    return HttpLoop.callBuilder("POST", secrets.URL + "/messages")
      .withHeader("Authorization", "Bearer " + secrets.TOKEN)
      .withBody(JsObj.empty
        .addString("to", obj.asString("phone_number"))
        .addString("text", obj.asString("text"))
        .addString("reference", obj.asString("reference")));
  }
  if (result.status() != 201) return failure(result);
  const message = result.body();
  if (!message.asString("id") || message.asString("to") != obj.asString("phone_number")) return HttpLoop.error("bad_answer", { detail: "no message" });
  return HttpLoop.Ok({ call_id: message.asString("id"), cost: message.asString("cost") });
}

// failure maps the phone's answers onto Ringtail's words.
function failure(result) {
  const status = "" + result.status();
  switch (result.status()) {
    case 400: return HttpLoop.error(result.body().asString("error") == "invalid_number" ? "invalid_number" : "bad_answer", { status });
    case 401: return HttpLoop.error("auth_failed", { status });
    case 429: return HttpLoop.error("rate_limited", { status, retry_after: result.header("Retry-After") });
  }
  return HttpLoop.error(result.status() >= 500 ? "unavailable" : "bad_answer", { status });
}
