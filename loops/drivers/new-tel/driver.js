// New-Tel, call-password. We choose the code. New-Tel takes the order at once (async 1); poll tells what became of the call.
//
// secrets.API_KEY  the access key of your account, 48 characters
// secrets.SIGN_KEY the key that requests are signed with, 48 characters
//
// The signature is over the very bytes of the body. Errors come at two levels, both with status 200. "busy", "no answer" and
// "answered" all mean that the phone rang. Never add fixedCid: with one fixed number that calls, every code is the same.
function run(obj, result) {
  if (result == null) {
    return signed("call-password/start-password-call", JsObj.empty
      .addString("dstNumber", obj.asString("phone_number"))
      .addString("pin", obj.asString("code"))
      .addInt("timeout", 20)
      .addInt("async", 1));
  }
  return details(result, function (call) {
    if (call.asBool("isValidNumber") == false) return HttpLoop.error("invalid_number", {});
    if (!call.asString("callId")) return HttpLoop.error("bad_answer", { detail: "no callId" });
    return HttpLoop.Ok({ code: call.asString("pin"), call_id: call.asString("callId"), pending: true });
  });
}

function poll(obj, result) {
  if (result == null) {
    return signed("call-password/get-password-call-status", JsObj.empty.addString("callId", obj.asString("call_id")));
  }
  return details(result, function (call) {
    switch (call.asString("status")) {
      case "answered": case "busy": case "cancel": case "no answer": return HttpLoop.Ok({ state: "delivered" });
      case "not available": return HttpLoop.error("unreachable", {});
      case "": case null: return HttpLoop.Ok({ state: "ringing", after: 2000 });
    }
    return HttpLoop.error("bad_answer", { detail: "unknown status" });
  });
}

function signed(method, body) {
  const request = HttpLoop.callBuilder("POST", "https://api.new-tel.net/" + method).withBody(body);
  const time = "" + clock.seconds();
  const sum = crypto.hash("sha256", [method, time, secrets.API_KEY, request.bodyText(), secrets.SIGN_KEY].join("\n"));
  return request.withHeader("Authorization", "Bearer " + secrets.API_KEY + time + sum);
}

// details gives then the call that an answer is about, or says which error it is. What a message means isn't documented, so
// it may be a limit: bad_answer lets no other channel be tried.
function details(result, then) {
  const status = result.status();
  if (status == 401 || status == 403) return HttpLoop.error("auth_failed", {});
  if (status == 429) return HttpLoop.error("rate_limited", { retry_after: result.header("Retry-After") });
  if (status != 200) return HttpLoop.error(status >= 500 ? "unavailable" : "bad_answer", { status: "" + status });
  const outer = result.body();
  if (outer.asString("status") == "error") return HttpLoop.error("bad_answer", { message: outer.asString("message") });
  const inner = outer.asObj("data") || JsObj.empty;
  if (inner.asString("result") == "error") return HttpLoop.error("bad_answer", { message: inner.asString("message") });
  const call = inner.asObj("callDetails");
  return outer.asString("status") == "success" && call != null ? then(call) : HttpLoop.error("bad_answer", { detail: "no callDetails" });
}
