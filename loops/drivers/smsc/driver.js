// SMSC (smsc.ru), a call that shows a code. SMSC chooses the code: the last six digits of the number that calls.
//
// secrets.LOGIN    your login
// secrets.PASSWORD your password, or its MD5 in small hex letters
//
// Errors come with status 200. fmt=3 asks for JSON; an error that comes as text all the same ("ERROR = 2 (..)") is read too.
// For smsc.kz or smscentre.com copy this driver and change the host, here and in driver.conf.
function run(obj, result) {
  if (result == null) {
    return HttpLoop.callBuilder("POST", "https://smsc.ru/sys/send.php")
      .withForm(JsObj.empty
        .addString("login", secrets.LOGIN)
        .addString("psw", secrets.PASSWORD)
        .addString("phones", obj.asString("phone_number"))
        .addString("mes", "code")
        .addString("call", "1")
        .addString("fmt", "3"));
  }
  const status = result.status(), text = /^ERROR = (\d+)/.exec(result.text());
  if (status == 429) return HttpLoop.error("rate_limited", { retry_after: result.header("Retry-After") });
  if (status != 200) return HttpLoop.error(status >= 500 ? "unavailable" : "bad_answer", { status: "" + status });
  if (text) return failure(parseInt(text[1], 10));
  const answer = result.body();
  if (answer.has("error_code")) return failure(answer.asInt("error_code"));
  return HttpLoop.Ok({ code: answer.asString("code"), call_id: answer.asString("id") });
}

// failure finds the word for a number of SMSC's list.
function failure(number) {
  const word = {
    2: "auth_failed", 3: "no_funds", 4: "unavailable", 6: "destination_forbidden", 7: "invalid_number", 8: "unreachable", 9: "rate_limited",
  }[number];
  return HttpLoop.error(word || "bad_answer", { error_code: "" + number, retry_after: number == 9 ? "60" : null });
}
