// SMS Aero, flash call. We choose the code.
//
// secrets.EMAIL   the e-mail address that you log in with
// secrets.API_KEY the API key of your account
//
// E-mail and key go into a header: in the address, where public clients put them, they would stand in logs. success may be
// false with status 200, for whatever reason: bad_answer lets no other channel be tried then. A wrong request (400) can only be the number's fault: all else in it is fixed.
function run(obj, result) {
  if (result == null) {
    return HttpLoop.callBuilder("POST", "https://gate.smsaero.ru/v2/flashcall/send")
      .withBasicAuth(secrets.EMAIL, secrets.API_KEY)
      .withForm(JsObj.empty.addString("phone", obj.asString("phone_number")).addString("code", obj.asString("code")));
  }
  const status = result.status();
  if (status != 200) return failure(status, result);
  const answer = result.body();
  if (answer.asBool("success") == false) return HttpLoop.error("bad_answer", { message: answer.asString("message") });
  const call = answer.asObj("data");
  if (answer.asBool("success") == null || call == null || !call.asString("id")) return HttpLoop.error("bad_answer", { detail: "no call" });
  return HttpLoop.Ok({ code: call.asString("code"), call_id: call.asString("id"), cost: call.asString("cost") });
}

function failure(status, result) {
  const word = { 400: "invalid_number", 401: "auth_failed", 402: "no_funds", 403: "auth_failed", 429: "rate_limited" }[status];
  return HttpLoop.error(word || (status >= 500 ? "unavailable" : "bad_answer"), { status: "" + status, retry_after: result.header("Retry-After") });
}
