// Sinch Verification, method flashCall: Sinch chooses the number that calls, and checks the whole of it. The last digits are enough
// where Sinch's cliFilter begins with the number's own digits; else the person must type the whole number.
// secrets.APPLICATION_KEY    of the application in Sinch's dashboard
// secrets.APPLICATION_SECRET of the same; it signs and is never sent
const words = { __proto__: null, 401: "auth_failed", 402: "no_funds", 403: "auth_failed", 429: "rate_limited", 40001: "invalid_number",
  "Fraud": "fraud_suspected", "Not enough credit": "no_funds", "Blocked": "number_blocked", "Destination denied": "destination_forbidden",
  "Network error or number unreachable": "unreachable", "Internal error": "unavailable", "Denied by callback": "unavailable" };
const states = { __proto__: null, PENDING: "pending", SUCCESSFUL: "delivered", FAIL: "delivered" }; // FAIL: it rang, and a wrong number was typed
function start(obj, result) {
  if (result == null) return ask("POST", "", { identity: { type: "number", endpoint: obj.asString("phone_e164") },
    method: "flashCall", reference: obj.asString("reference") });
  const answer = result.status() == 200 ? result.body() : JsObj.empty, call = answer.asObj("flashCall") || JsObj.empty;
  if (!answer.asString("id") || !call.asInt("interceptionTimeout")) return failure(result);
  const known = /^[\^\\+?]*(\d+)\(\.\*\)$/.exec(call.asString("cliFilter"));
  return HttpLoop.Ok({ call_id: answer.asString("id"), prefix: known && known[1] });
}

function check(obj, result) {
  if (result == null) {
    const typed = obj.asString("code").replace(/\D/g, ""), prefix = typed.length > obj.asInt("code_length") ? "" : obj.asString("prefix");
    if (prefix == null) return HttpLoop.Ok({ valid: false, reason: "wrong" }); // asking could only use up the verification
    return ask("PUT", "/id/" + encodeURIComponent(obj.asString("call_id")), { method: "flashCall", flashCall: { cli: "+" + prefix + typed } });
  }
  const news = result.status() == 200 ? result.body() : JsObj.empty, status = news.asString("status");
  if (status == "ABORTED" || news.asString("reason") == "Expired") return HttpLoop.Ok({ valid: false, reason: "expired" });
  return states[status] ? HttpLoop.Ok({ valid: status == "SUCCESSFUL" }) : failure(result);
}

function poll(obj, result) {
  if (result == null) return ask("GET", "/id/" + encodeURIComponent(obj.asString("call_id")), null);
  const state = result.status() == 200 ? states[result.body().asString("status")] : null;
  return state ? HttpLoop.Ok({ state, after: 3000 }) : failure(result);
}

function callback(obj) {
  const header = name => obj.asObj("headers").asString(name) || "", time = header("x-timestamp"), body = obj.asString("body");
  const right = sign(obj.asString("method"), body, header("content-type"), time, obj.asString("path"));
  if (!crypto.equal(header("authorization"), right)) return HttpLoop.error("auth_failed", { detail: "wrong signature" });
  if (!(Math.abs(clock.millis() - Date.parse(time)) <= 300000)) return HttpLoop.error("auth_failed", { detail: "stale" });
  const news = JsObj.parse(body), known = { call_id: news.asString("id"), reference: news.asString("reference") };
  const allow = { status: 200, headers: { "Content-Type": "application/json" }, body: '{"action":"allow"}' }; // the call that we ordered
  if (news.asString("event") == "VerificationRequestEvent") return HttpLoop.Ok({ ...known, state: "pending", answer: allow });
  const state = states[news.asString("status")] || "failed", word = words[news.asString("reason")] || "bad_answer";
  return HttpLoop.Ok({ ...known, state, error: state == "failed" ? word : null });
}
function ask(method, rest, body) {
  const path = "/verification/v1/verifications" + rest, bare = HttpLoop.callBuilder(method, "https://verification.api.sinch.com" + path);
  const request = (body ? bare.withBody(body) : bare).withHeader("x-timestamp", clock.iso());
  return request.withHeader("Authorization", sign(method, request.bodyText(), body ? "application/json" : "", clock.iso(), path));
}
function sign(method, body, type, time, path) {
  const text = [method, body && crypto.hash("md5", body, "base64"), type, "x-timestamp:" + time, path].join("\n");
  return "Application " + secrets.APPLICATION_KEY + ":" + crypto.hmac("sha256", crypto.fromBase64(secrets.APPLICATION_SECRET), text, "base64");
}
function failure(result) {
  const status = result.status(), body = status == 200 || status == 400 ? result.body() : JsObj.empty;
  const word = words[body.asString("errorCode") || body.asString("reason") || status] || (status >= 500 ? "unavailable" : "bad_answer");
  return HttpLoop.error(word, { status: "" + status, reason: body.asString("reason"), retry_after: result.header("Retry-After") });
}
