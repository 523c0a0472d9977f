// SMS.ru, sms/send. We choose the code; the text goes out as Ringtail wrote it.
//
// secrets.API_ID the api_id of your account
//
// Errors come with status 200, for the whole request or for the number alone, or in the old style as the bare number. The address
// of whoever asks is left out where it isn't known; SMS.ru looks for fraud with it.
function run(obj, result) {
  const number = obj.asString("phone_number");
  if (result == null) {
    return HttpLoop.callBuilder("POST", "https://sms.ru/sms/send")
      .withForm(JsObj.empty
        .addString("api_id", secrets.API_ID)
        .addString("to", number)
        .addString("msg", obj.asString("text"))
        .addString("ip", obj.asString("ip") || null)
        .addString("json", "1"));
  }
  const status = result.status(), text = result.text().trim();
  if (status == 429) return HttpLoop.error("rate_limited", { retry_after: result.header("Retry-After") });
  if (status != 200) return HttpLoop.error(status >= 500 ? "unavailable" : "bad_answer", { status: "" + status });
  if (/^-?\d+$/.test(text)) return failure(parseInt(text, 10), "");
  const answer = result.body(), messages = answer.asObj("sms") || JsObj.empty;
  const verdict = answer.asString("status") == "OK" ? messages.asObj(number) || JsObj.empty : answer;
  if (verdict.asString("status") == "ERROR") return failure(verdict.asInt("status_code"), verdict.asString("status_text"));
  if (verdict.asString("status") != "OK" || !verdict.asString("sms_id")) return HttpLoop.error("bad_answer", { detail: "no message" });
  return HttpLoop.Ok({ call_id: verdict.asString("sms_id") });
}

// failure finds the word for a number of SMS.ru's list. 204 is a sender's name that wasn't agreed upon, 206 the account's own daily
// limit. One without a number may be a limit: no other channel may be tried then.
function failure(number, message) {
  const word = {
    150: "destination_forbidden", 200: "auth_failed", 201: "no_funds", 202: "invalid_number", 204: "auth_failed", 206: "rate_limited",
    207: "destination_forbidden", 209: "number_blocked", 214: "destination_forbidden", 215: "number_blocked", 220: "unavailable",
    230: "rate_limited", 231: "rate_limited", 232: "rate_limited", 233: "rate_limited", 300: "auth_failed", 301: "auth_failed",
    302: "auth_failed", 500: "unavailable", 501: "fraud_suspected", 502: "fraud_suspected", 503: "fraud_suspected", 504: "fraud_suspected",
  }[number];
  return HttpLoop.error(word || "bad_answer", { status_code: number, message });
}
