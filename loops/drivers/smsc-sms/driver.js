// SMSC (smsc.ru), an SMS. We choose the code; the text goes out as Ringtail wrote it.
//
// secrets.LOGIN    your login
// secrets.PASSWORD your password, or its MD5 in small hex letters
//
// Errors come with status 200. fmt=3 asks for JSON, cost=3 for what the message cost; an error that comes as text all the same
// ("ERROR = 2 (..)") is read too. For smsc.kz or smscentre.com copy this driver and change the host, here and in driver.conf.
function run(obj, result) {
  if (result == null) {
    return HttpLoop.callBuilder("POST", "https://smsc.ru/sys/send.php")
      .withForm(JsObj.empty
        .addString("login", secrets.LOGIN)
        .addString("psw", secrets.PASSWORD)
        .addString("phones", obj.asString("phone_number"))
        .addString("mes", obj.asString("text"))
        .addString("charset", "utf-8")
        .addString("cost", "3")
        .addString("fmt", "3"));
  }
  const status = result.status(), text = /^ERROR = (\d+)/.exec(result.text());
  if (status == 429) return HttpLoop.error("rate_limited", { retry_after: result.header("Retry-After") });
  if (status != 200) return HttpLoop.error(status >= 500 ? "unavailable" : "bad_answer", { status: "" + status });
  if (text) return failure(parseInt(text[1], 10));
  const answer = result.body();
  if (answer.has("error_code")) return failure(answer.asInt("error_code"));
  if (!answer.asInt("id") || !answer.asInt("cnt")) return HttpLoop.error("bad_answer", { detail: "no message" });
  return HttpLoop.Ok({ call_id: answer.asString("id"), cost: answer.asString("cost") });
}

// failure finds the word for a number of SMSC's list. 6 is a text, or a sender's name, that isn't let through.
function failure(number) {
  const word = {
    2: "auth_failed", 3: "no_funds", 4: "unavailable", 6: "destination_forbidden", 7: "invalid_number", 8: "unreachable", 9: "rate_limited",
  }[number];
  return HttpLoop.error(word || "bad_answer", { error_code: "" + number, retry_after: number == 9 ? "60" : null });
}
