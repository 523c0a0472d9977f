// uCaller. We choose the code; poll tells whether the phone was reached.
//
// secrets.SERVICE_ID the number of your service
// secrets.SECRET_KEY the service's secret key
//
// The phone is a number there; the code goes out as text, since a number would lose its zeros. What is called code is the number
// of the error when status is false. unique is our reference: a request that is sent twice rings once. A number is called 4
// times a minute and 15 a day at most.
function run(obj, result) {
  if (result == null) {
    return authorized(HttpLoop.callBuilder("POST", "https://api.ucaller.ru/v1.0/initCall")
      .withBody(JsObj.empty
        .addInt("phone", obj.asString("phone_number"))
        .addString("code", obj.asString("code"))
        .addString("unique", obj.asString("reference"))));
  }
  return read(result, function (call) {
    if (!call.asString("ucaller_id")) return HttpLoop.error("bad_answer", { detail: "no ucaller_id" });
    return HttpLoop.Ok({ code: call.asString("code"), call_id: call.asString("ucaller_id"), pending: true });
  });
}

function poll(obj, result) {
  if (result == null) return authorized(HttpLoop.callBuilder("GET", "https://api.ucaller.ru/v1.0/getInfo").withQuery("uid", obj.asString("call_id")));
  return read(result, function (call) {
    switch (call.asInt("call_status")) {
      case -1: return HttpLoop.Ok({ state: "ringing", after: 3000 });
      case 0: return HttpLoop.error("unreachable", {});
      case 1: return HttpLoop.Ok({ state: "delivered", cost: call.asString("cost") });
    }
    return HttpLoop.error("bad_answer", { detail: "unknown call_status" });
  });
}

function authorized(request) {
  return request.withHeader("Authorization", "Bearer " + secrets.SECRET_KEY + "." + secrets.SERVICE_ID);
}

// read gives then the answer, or says which error it is.
function read(result, then) {
  const status = result.status();
  if (status == 401 || status == 403) return HttpLoop.error("auth_failed", {});
  if (status == 429) return HttpLoop.error("rate_limited", { retry_after: result.header("Retry-After") });
  if (status != 200) return HttpLoop.error(status >= 500 ? "unavailable" : "bad_answer", { status: "" + status });
  const answer = result.body();
  if (answer.asBool("status") == true) return then(answer);
  const code = answer.asInt("code"), word = {
    0: "auth_failed", 2: "auth_failed", 3: "invalid_number", 4: "unavailable", 5: "unavailable", 6: "unavailable", 7: "unavailable",
    9: "destination_forbidden", 11: "rate_limited", 12: "rate_limited", 13: "rate_limited", 18: "rate_limited", 19: "rate_limited",
    429: "rate_limited", 1000: "unavailable", 1001: "auth_failed", 1002: "no_funds", 1003: "auth_failed", 1004: "unavailable",
  }[code];
  return HttpLoop.error(word || "bad_answer", { code: "" + code, message: answer.asString("error"), retry_after: { 18: "60", 19: "15" }[code] || null });
}
