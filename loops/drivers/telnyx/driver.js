// Telnyx Verify, type flashcall: Telnyx chooses the code and checks it.
//
// secrets.API_KEY           goes into the header Authorization as a Bearer token
// secrets.VERIFY_PROFILE_ID the Verify profile; it also says which countries may be called, and how long a code lives
//
// Telnyx tells the state of the verification, not of the call: it stays "pending" until the right code was typed.
const api = "https://api.telnyx.com/v2/verifications";
const words = { 401: "auth_failed", 402: "no_funds", 403: "auth_failed", 422: "invalid_number", 429: "rate_limited" };
const states = { __proto__: null, pending: "pending", accepted: "delivered", invalid: "delivered" };

function start(obj, result) {
  if (result == null) {
    return ask("POST", "/flashcall").withBody({ phone_number: obj.asString("phone_e164"), verify_profile_id: secrets.VERIFY_PROFILE_ID });
  }
  const data = answered(result);
  if (result.status() == 404) return HttpLoop.error("auth_failed", { detail: "no such Verify profile" });
  if (!data) return failure(result);
  if (!data.asString("id")) return HttpLoop.error("bad_answer", { detail: "no id" });
  return states[data.asString("status")] ? HttpLoop.Ok({ call_id: data.asString("id") }) : lost(data);
}

function check(obj, result) {
  if (result == null) return ask("POST", one(obj) + "/actions/verify").withBody({ code: obj.asString("code") });
  if (result.status() == 404) return HttpLoop.Ok({ valid: false, reason: "expired" }); // there is no such verification any more
  const data = answered(result), verdict = data && data.asString("response_code");
  if (!data) return failure(result);
  if (verdict != "accepted" && verdict != "rejected") return HttpLoop.error("bad_answer", { response_code: verdict });
  return HttpLoop.Ok({ valid: verdict == "accepted" });
}

function poll(obj, result) {
  if (result == null) return ask("GET", one(obj));
  const data = answered(result);
  if (!data) return failure(result);
  const state = states[data.asString("status")];
  return state ? HttpLoop.Ok({ state, after: 5000 }) : lost(data);
}

function ask(method, path) {
  return HttpLoop.callBuilder(method, api + path).withHeader("Authorization", "Bearer " + secrets.API_KEY);
}

function one(obj) { return "/" + encodeURIComponent(obj.asString("call_id")); }

function answered(result) { return result.status() == 200 ? result.body().asObj("data") || JsObj.empty : null; }

function lost(data) {
  const status = data.asString("status"), told = status == "expired" || status == "error";
  return HttpLoop.error(told ? "unavailable" : "bad_answer", { status });
}

function failure(result) {
  const status = result.status(), known = words[status] || (status >= 500 ? "unavailable" : null);
  if (known) return HttpLoop.error(known, { status: "" + status, retry_after: result.header("Retry-After") });
  const errors = result.body().asArr("errors"), first = errors && errors.asObj(0) || JsObj.empty;
  return HttpLoop.error("bad_answer", { status: "" + status, code: first.asString("code"), detail: first.asString("detail") });
}
