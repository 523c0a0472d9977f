// Rings the virtual phone of `ringtail demo`. The phone draws the number that calls; its last digits are the code.
//
// secrets.URL   where the virtual phone listens, like http://localhost:8402
// secrets.TOKEN what it was started with
function run(obj, result) {
  if (result == null) {
    return HttpLoop.callBuilder("POST", secrets.URL + "/calls")
      .withHeader("Authorization", "Bearer " + secrets.TOKEN)
      .withBody(JsObj.empty
        .addString("to", obj.asString("phone_number"))
        .addString("reference", obj.asString("reference")))
      .build();
  }
  if (result.status() == 201) {
    return HttpLoop.Ok(JsObj.empty.addString("caller", result.body().asString("from")));
  }
  return failure(result);
}

// failure maps the phone's answers onto Ringtail's words.
function failure(result) {
  const status = "" + result.status();
  switch (result.status()) {
    case 400: return HttpLoop.error("invalid_number", { status });
    case 401: return HttpLoop.error("auth_failed", { status });
    case 429: return HttpLoop.error("rate_limited", { status, retry_after: result.header("Retry-After") });
  }
  return HttpLoop.error(result.status() >= 500 ? "unavailable" : "bad_answer", { status });
}
