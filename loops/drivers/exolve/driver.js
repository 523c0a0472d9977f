// MTS Exolve MakeVoiceMessage: a robot calls and reads the code out, digit by digit. This is a voice call, not a flash call:
// the second way for those who can't see who calls.
//
// secrets.API_KEY  of the application in Exolve
// secrets.SOURCE   the number of yours that calls, digits only
const api = "https://api.exolve.ru/call/v1/";
const words = { 401: "auth_failed", 402: "no_funds", 403: "auth_failed", 429: "rate_limited" };

function start(obj, result) {
  if (result == null) {
    const digits = obj.asString("code").split("").join(", "); // so that 1234 isn't read as a thousand and so on
    return ask("MakeVoiceMessage", { source: secrets.SOURCE, destination: obj.asString("phone_number"),
      tts: { text: "Ваш код: " + digits + ". Повторяем: " + digits + "." } });
  }
  if (result.status() != 200) return failure(result);
  const id = result.body().asString("call_id");
  return id ? HttpLoop.Ok({ call_id: id, pending: true }) : HttpLoop.error("bad_answer", { detail: "no call_id" });
}

// poll knows one word, "completed": the only one that we have seen. All other words leave the state open.
function poll(obj, result) {
  if (result == null) return ask("GetInfo", { call_id: obj.asString("call_id") });
  if (result.status() != 200) return failure(result);
  const status = result.body().asString("status") || "";
  if (!/^[a-z]/i.test(status)) return HttpLoop.error("bad_answer", { status });
  return HttpLoop.Ok({ state: status == "completed" ? "delivered" : "pending", after: 5000 });
}

function ask(method, body) {
  return HttpLoop.callBuilder("POST", api + method).withHeader("Authorization", "Bearer " + secrets.API_KEY).withBody(body);
}

function failure(result) {
  const word = words[result.status()] || (result.status() >= 500 ? "unavailable" : "bad_answer");
  return HttpLoop.error(word, { status: "" + result.status(), retry_after: result.header("Retry-After") });
}
