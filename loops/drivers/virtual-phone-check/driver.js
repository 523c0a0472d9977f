// Rings the virtual phone of `ringtail demo`, which keeps the number that calls to itself and checks what was typed.
//
// secrets.URL   where the virtual phone listens, like http://localhost:8402
// secrets.TOKEN what it was started with
function start(obj, result) {
  if (result == null) {
    return ask("POST", "/calls").withBody(JsObj.empty
      .addString("to", obj.asString("phone_number"))
      .addInt("code_length", obj.asInt("code_length"))
      .addString("reference", obj.asString("reference"))
      .addString("tell", "nothing"));
  }
  if (result.status() != 201) return failure(result);
  const call = result.body();
  if (!call.asString("id") || call.asString("state") != "ringing") return HttpLoop.error("bad_answer", { detail: "no call" });
  return HttpLoop.Ok({ call_id: call.asString("id"), prefix: call.asString("prefix"), cost: call.asString("cost") });
}

// check takes the last digits, or the whole number that called.
function check(obj, result) {
  if (result == null) return ask("POST", callPath(obj) + "/check").withBody({ code: obj.asString("code") });
  if (result.status() != 200) return failure(result);
  const verdict = result.body(), valid = verdict.asBool("valid");
  if (valid == null) return HttpLoop.error("bad_answer", { detail: "no verdict" });
  return HttpLoop.Ok({ valid, reason: valid ? null : verdict.asString("reason") });
}

function callPath(obj) { return "/calls/" + encodeURIComponent(obj.asString("call_id")); }

function ask(method, path) {
  return HttpLoop.callBuilder(method, secrets.URL + path).withHeader("Authorization", "Bearer " + secrets.TOKEN);
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
