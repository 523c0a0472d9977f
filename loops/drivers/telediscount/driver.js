// Telediscount, A-CALLS. We choose the code. A login gives a token for 24 hours; Ringtail keeps it and logs in again when it ends.
//
// secrets.EMAIL    the e-mail address that Telediscount has for you
// secrets.PASSWORD the password that goes with it
//
// async must be 1, so poll tells what became of the call. The answer has a status of its own, which counts, whatever HTTP says.
// A wrong request (400, 422) can only be the number's fault: all else in it is fixed.
const api = "https://acallapi3.telediscount.ru";

function run(obj, result) {
  if (result == null) {
    return authorized("/call-password/start-password-call", JsObj.empty
      .addString("async", "1")
      .addString("dstNumber", obj.asString("phone_number"))
      .addString("timeout", "30")
      .addString("pin", obj.asString("code")));
  }
  return details(result, function (call) {
    if (!call.asString("callId")) return HttpLoop.error("bad_answer", { detail: "no callId" });
    return HttpLoop.Ok({ code: call.asString("pin"), call_id: call.asString("callId"), pending: true });
  });
}

function poll(obj, result) {
  if (result == null) return authorized("/call-password/get-password-call-status", JsObj.empty.addString("callId", obj.asString("call_id")));
  return details(result, function (call) {
    switch (call.asString("status")) {
      case "answered": case "busy": case "cancel": case "no answer": return HttpLoop.Ok({ state: "delivered" });
      case "not available": return HttpLoop.error("unreachable", {});
      case "": case null: return HttpLoop.Ok({ state: "ringing", after: 2000 });
    }
    return HttpLoop.error("bad_answer", { detail: "unknown status" });
  });
}

function login(obj, result) {
  if (result == null) return HttpLoop.callBuilder("POST", api + "/auth/login").withBody({ email: secrets.EMAIL, password: secrets.PASSWORD });
  return result.status() == 200 ? HttpLoop.Ok({ token: result.body().asString("token"), expires_in: 24 * 3600 }) : failure(result.status(), result);
}

function authorized(path, body) {
  return HttpLoop.callBuilder("POST", api + path).withHeader("Authorization", "Bearer " + tokens.get()).withBody(body);
}

// details gives then the call that an answer is about, or says which error it is.
function details(result, then) {
  const status = result.status() == 200 ? result.body().asInt("status") : result.status();
  if (status == null || status < 200 || status > 299) return failure(status, result);
  const call = result.body().asObj("callDetails");
  return call != null ? then(call) : HttpLoop.error("bad_answer", { detail: "no callDetails" });
}

function failure(status, result) {
  const word = { 400: "invalid_number", 401: "auth_failed", 402: "no_funds", 403: "auth_failed", 422: "invalid_number", 429: "rate_limited" }[status];
  return HttpLoop.error(word || (status >= 500 ? "unavailable" : "bad_answer"), { status: "" + status, retry_after: result.header("Retry-After") });
}
