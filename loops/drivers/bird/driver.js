// Bird flash calls: we choose which of our own numbers calls, so that it ends in the code.
//
// secrets.ACCESS_KEY   an access key of the workspace
// secrets.WORKSPACE_ID the workspace
// secrets.CHANNEL_ID   its voice channel
// secrets.CALLERS      the numbers that may call, with commas between: whole ones, or "+7495123*" where * stands for the code
//
// Bird bills each attempt, and an answered call once more. It hangs up by itself when somebody answers. 404: a workspace or a channel that isn't there.
const words = { 401: "auth_failed", 402: "no_funds", 403: "auth_failed", 404: "auth_failed", 422: "invalid_number", 429: "rate_limited" };
const states = { __proto__: null, accepted: "pending", starting: "pending", ringing: "ringing",
  ongoing: "delivered", completed: "delivered", "no-answer": "delivered", busy: "delivered" };

function start(obj, result) {
  if (result == null) {
    const from = callerFor(obj.asString("code"));
    if (!from) return HttpLoop.error("unavailable", { detail: "no number in CALLERS ends in the code" });
    return ask("POST", "").withBody({ from, to: obj.asString("phone_e164"), ringTimeout: 20 });
  }
  if (result.status() != 202) return failure(result);
  const call = result.body();
  if (!call.asString("id")) return HttpLoop.error("bad_answer", { detail: "no id" });
  return HttpLoop.Ok({ call_id: call.asString("id"), caller: call.asString("from"), pending: true, cost: costOf(call) });
}

// poll reads the call that start made. Bird's page doesn't name this request: where it isn't answered, the state stays unknown.
function poll(obj, result) {
  if (result == null) return ask("GET", "/" + encodeURIComponent(obj.asString("call_id")));
  if (result.status() == 404 || result.status() == 405) return HttpLoop.Ok({ state: "pending", after: 30000 });
  if (result.status() != 200) return failure(result);
  const call = result.body(), status = call.asString("status");
  if (status == "failed") return HttpLoop.error("unreachable", { reason: call.asString("reason") });
  if (!states[status]) return HttpLoop.error("bad_answer", { status });
  return HttpLoop.Ok({ state: states[status], after: 2000, cost: costOf(call) });
}

// report ends the call, and tells the number that the person saw. Bird's words for "result" are unknown to us, so it is left out.
function report(obj, result) {
  if (result != null) return result.status() < 300 ? HttpLoop.Ok({}) : failure(result);
  const seen = obj.asBool("verified") ? callerFor(obj.asString("code")) : null;
  return ask("POST", "/" + encodeURIComponent(obj.asString("call_id"))).withBody(seen ? { receivedCli: seen } : {});
}

function ask(method, path) {
  const calls = "https://api.bird.com/workspaces/" + secrets.WORKSPACE_ID + "/channels/" + secrets.CHANNEL_ID + "/flashcalls";
  return HttpLoop.callBuilder(method, calls + path).withHeader("Authorization", "AccessKey " + secrets.ACCESS_KEY);
}

// costOf adds up what Bird bills. A price that can't be read is no reason to lose a call that rings.
function costOf(call) {
  const price = name => { const p = call.asObj(name); return p ? p.asInt("amount") / 10 ** p.asInt("exponent") : 0; };
  try { return call.has("attemptPrice") ? (price("attemptPrice") + price("connectionPrice")).toFixed(6) : null; } catch (e) { return null; }
}

function callerFor(code) { return secrets.CALLERS.split(",").map(entry => entry.trim().replace("*", code)).find(number => number.endsWith(code)); }

function failure(result) {
  const status = result.status(), word = words[status] || (status >= 500 ? "unavailable" : "bad_answer");
  return HttpLoop.error(word, { status: "" + status, retry_after: result.header("Retry-After") });
}
