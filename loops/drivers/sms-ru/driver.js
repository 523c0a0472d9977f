// SMS.ru, code/call. SMS.ru chooses the code: the last four digits of the number that calls.
//
// secrets.API_ID the api_id of your account
//
// It wants the address of whoever asks for the code and looks for fraud with it; -1 where it isn't known. Errors come with
// status 200, as JSON, or in the old style as the bare number.
function run(obj, result) {
  if (result == null) {
    return HttpLoop.callBuilder("POST", "https://sms.ru/code/call")
      .withForm(JsObj.empty
        .addString("phone", obj.asString("phone_number"))
        .addString("ip", obj.asString("ip") || "-1")
        .addString("api_id", secrets.API_ID));
  }
  const status = result.status(), text = result.text().trim();
  if (status == 429) return HttpLoop.error("rate_limited", { retry_after: result.header("Retry-After") });
  if (status != 200) return HttpLoop.error(status >= 500 ? "unavailable" : "bad_answer", { status: "" + status });
  if (/^-?\d+$/.test(text)) return failure(parseInt(text, 10), "");
  const answer = result.body();
  if (answer.asString("status") == "OK") {
    return HttpLoop.Ok({ code: answer.asString("code"), call_id: answer.asString("call_id"), cost: answer.asString("cost") });
  }
  if (answer.asString("status") != "ERROR") return HttpLoop.error("bad_answer", { detail: "unknown status" });
  return failure(answer.asInt("status_code"), answer.asString("status_text"));
}

// failure finds the word for a number of SMS.ru's list. One without a number may be a limit: no other channel may be tried then.
function failure(number, message) {
  const word = {
    200: "auth_failed", 201: "no_funds", 202: "invalid_number", 207: "destination_forbidden", 209: "number_blocked", 214: "destination_forbidden",
    215: "number_blocked", 220: "unavailable", 230: "rate_limited", 231: "rate_limited", 232: "rate_limited", 233: "rate_limited",
    300: "auth_failed", 301: "auth_failed", 302: "auth_failed", 500: "unavailable",
    501: "fraud_suspected", 502: "fraud_suspected", 503: "fraud_suspected", 504: "fraud_suspected",
  }[number];
  return HttpLoop.error(word || "bad_answer", { status_code: number, message });
}
