// Twilio, an SMS. We choose the code; the text goes out as Ringtail wrote it.
//
// secrets.ACCOUNT_SID the account, AC and 32 characters
// secrets.AUTH_TOKEN  its token
// secrets.SENDER      who writes: a number of yours with "+", a name, or a Messaging Service (MG and 32 characters)
//
// Twilio queues a message, and its errors come later: poll reads them. "sent" is as good as "delivered", which many networks never say.
const states = { __proto__: null, accepted: "pending", scheduled: "pending", queued: "pending", sending: "pending", sent: "delivered", delivered: "delivered" };

function start(obj, result) {
  if (result == null) {
    return ask("POST", "/Messages.json").withForm(JsObj.empty
      .addString("To", obj.asString("phone_e164"))
      .addString(/^MG[0-9a-fA-F]{32}$/.test(secrets.SENDER) ? "MessagingServiceSid" : "From", secrets.SENDER)
      .addString("Body", obj.asString("text")));
  }
  return result.status() == 201 ? read(result.body(), message => ({ call_id: message.asString("sid"), pending: true })) : failure(result);
}

function poll(obj, result) {
  if (result == null) return ask("GET", "/Messages/" + encodeURIComponent(obj.asString("call_id")) + ".json");
  if (result.status() != 200) return failure(result);
  return read(result.body(), message => ({ state: states[message.asString("status")], after: 3000, cost: (message.asString("price") || "").replace("-", "") || null }));
}

// read gives what then makes of a message, unless it failed. Twilio writes a price below zero.
function read(message, then) {
  const status = message.asString("status");
  if (status == "failed" || status == "undelivered" || status == "canceled") return HttpLoop.error(wordOf(message.asInt("error_code")), { code: message.asString("error_code") });
  return states[status] && message.asString("sid") ? HttpLoop.Ok(then(message)) : HttpLoop.error("bad_answer", { status });
}

function ask(method, path) {
  return HttpLoop.callBuilder(method, "https://api.twilio.com/2010-04-01/Accounts/" + encodeURIComponent(secrets.ACCOUNT_SID) + path)
    .withBasicAuth(secrets.ACCOUNT_SID, secrets.AUTH_TOKEN);
}

function failure(result) {
  const status = result.status(), wait = { status: "" + status, retry_after: result.header("Retry-After") };
  if (status == 429) return HttpLoop.error("rate_limited", wait);
  if (status >= 500) return HttpLoop.error("unavailable", wait);
  if (status == 401) return HttpLoop.error("auth_failed", wait);
  return HttpLoop.error(wordOf(result.body().asInt("code")), { status: "" + status, code: result.body().asString("code") });
}

// wordOf finds the word for a number of Twilio's dictionary. 216xx from 21603 to 21606 are about who writes, 30xxx come from networks.
function wordOf(code) {
  return {
    14107: "rate_limited", 20003: "auth_failed", 20404: "auth_failed", 20429: "rate_limited", 21211: "invalid_number", 21217: "invalid_number",
    21408: "destination_forbidden", 21603: "auth_failed", 21606: "auth_failed", 21608: "destination_forbidden", 21610: "number_blocked",
    21611: "unavailable", 21612: "destination_forbidden", 21614: "invalid_number", 21635: "invalid_number", 30001: "unavailable", 30002: "auth_failed",
    30003: "unreachable", 30004: "number_blocked", 30005: "invalid_number", 30006: "unreachable", 30007: "destination_forbidden",
    30008: "unavailable", 30450: "fraud_suspected",
  }[code] || "bad_answer";
}
