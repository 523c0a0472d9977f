// Zvonok, flash call. We choose the code: phone_suffix, the last digits of the number that calls.
//
// secrets.PUBLIC_KEY  the key of your account
// secrets.CAMPAIGN_ID the flash call campaign that you have made there
//
// Zvonok has lost the zeros of a code that it writes as a number, so the code is given on as a number, and gets them back.
// call_id has 16 digits, too many to be a number here: it stays text. In an error, data is a text and no object.
function run(obj, result) {
  if (result == null) {
    return HttpLoop.callBuilder("POST", "https://zvonok.com/manager/cabapi_external/api/v1/phones/flashcall/")
      .withForm(JsObj.empty
        .addString("public_key", secrets.PUBLIC_KEY)
        .addString("campaign_id", secrets.CAMPAIGN_ID)
        .addString("phone", obj.asString("phone_number"))
        .addString("phone_suffix", obj.asString("code")));
  }
  const status = result.status();
  if (status == 401 || status == 403) return HttpLoop.error("auth_failed", {});
  if (status == 429) return HttpLoop.error("rate_limited", { retry_after: result.header("Retry-After") });
  if (status != 200) return HttpLoop.error(status >= 500 ? "unavailable" : "bad_answer", { status: "" + status });
  const answer = result.body();
  if (answer.asString("status") == "error") return failure(answer.asString("data") || "");
  const call = answer.asObj("data");
  if (answer.asString("status") != "ok" || call == null || !call.asString("call_id")) return HttpLoop.error("bad_answer", { detail: "no call" });
  return HttpLoop.Ok({ code: call.asInt("pincode"), call_id: call.asString("call_id") });
}

// failure finds the word for a text. One that says nothing we know may be a limit: no other channel may be tried then.
function failure(message) {
  const words = [
    [/public_key|campaign|auth|ключ|кампани/i, "auth_failed"],
    [/fund|balance|money|средств|баланс/i, "no_funds"],
    [/limit|often|лимит|часто/i, "rate_limited"],
    [/phone|number|номер|телефон/i, "invalid_number"],
  ];
  const known = words.find(function (w) { return w[0].test(message); });
  return HttpLoop.error(known ? known[1] : "bad_answer", { message });
}
