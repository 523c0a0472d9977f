// Rings the virtual phone of `ringtail demo` from a number that ends in our code. The phone takes the order alone, and is asked later.
//
// secrets.URL   where the virtual phone listens, like http://localhost:8402
// secrets.TOKEN what it was started with
const states = { __proto__: null, pending: "pending", ringing: "ringing", ended: "delivered" };
const failures = { __proto__: null, unreachable: "unreachable", blocked: "number_blocked" };

function start(obj, result) {
  if (result == null) {
    return ask("POST", "/calls").withBody(JsObj.empty
      .addString("to", obj.asString("phone_number"))
      .addString("code", obj.asString("code"))
      .addString("reference", obj.asString("reference"))
      .addBool("pending", true));
  }
  if (result.status() != 202) return failure(result);
  const call = result.body();
  if (!call.asString("id") || !states[call.asString("state")]) return HttpLoop.error("bad_answer", { detail: "no call" });
  return HttpLoop.Ok({ call_id: call.asString("id"), pending: true, cost: call.asString("cost") });
}

function poll(obj, result) {
  if (result == null) return ask("GET", callPath(obj));
  if (result.status() != 200) return failure(result);
  const call = result.body(), state = call.asString("state");
  if (state == "failed") return HttpLoop.error(failures[call.asString("error")] || "bad_answer", { reason: call.asString("error") });
  if (!states[state]) return HttpLoop.error("bad_answer", { state });
  return HttpLoop.Ok({ state: states[state], caller: call.asString("from"), after: 1000 });
}

function report(obj, result) {
  if (result != null) return result.status() == 204 ? HttpLoop.Ok({}) : failure(result);
  return ask("POST", callPath(obj) + "/report").withBody({ verified: obj.asBool("verified") });
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
