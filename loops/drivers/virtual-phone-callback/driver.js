// Rings the virtual phone of `ringtail demo`, which chooses the code, tells it at once, and calls back when the phone rings.
//
// secrets.URL   where the virtual phone listens, like http://localhost:8402
// secrets.TOKEN what it was started with
// secrets.CALLBACK_URL where Ringtail takes this driver's callbacks
const states = { __proto__: null, ringing: "ringing", ended: "delivered", failed: "failed" };
const failures = { __proto__: null, unreachable: "unreachable", blocked: "number_blocked" };

function start(obj, result) {
  if (result == null) {
    return ask("/calls").withBody({ to: obj.asString("phone_number"), code_length: obj.asInt("code_length"),
      reference: obj.asString("reference"), tell: "code", pending: true, callback: secrets.CALLBACK_URL });
  }
  if (result.status() != 202) return failure(result);
  const call = result.body();
  if (!call.asString("id")) return HttpLoop.error("bad_answer", { detail: "no call" });
  return HttpLoop.Ok({ code: call.asString("code"), prefix: call.asString("prefix"), call_id: call.asString("id"), pending: true, cost: call.asString("cost") });
}

// callback believes what was signed with our token in the last five minutes, and nothing else. Ringtail sees to it that none counts twice.
function callback(obj) {
  const headers = obj.asObj("headers"), at = headers.asString("x-phone-time") || "";
  const right = crypto.hmac("sha256", secrets.TOKEN, at + "." + obj.asString("body"));
  if (!crypto.equal(headers.asString("x-phone-signature") || "", right)) return HttpLoop.error("auth_failed", { detail: "the signature is wrong" });
  if (!/^\d{1,12}$/.test(at) || Math.abs(clock.seconds() - parseInt(at, 10)) > 300) return HttpLoop.error("auth_failed", { detail: "it is too old, or from the future" });
  const call = JsObj.parse(obj.asString("body")), state = states[call.asString("state")];
  if (!state || !call.asString("id")) return HttpLoop.error("bad_answer", { detail: "it is about no call" });
  return HttpLoop.Ok({ call_id: call.asString("id"), reference: call.asString("reference"), state,
    error: state == "failed" ? failures[call.asString("error")] || "bad_answer" : null });
}

function report(obj, result) {
  if (result != null) return result.status() == 204 ? HttpLoop.Ok({}) : failure(result);
  return ask("/calls/" + encodeURIComponent(obj.asString("call_id")) + "/report").withBody({ verified: obj.asBool("verified") });
}

function ask(path) {
  return HttpLoop.callBuilder("POST", secrets.URL + path).withHeader("Authorization", "Bearer " + secrets.TOKEN);
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
