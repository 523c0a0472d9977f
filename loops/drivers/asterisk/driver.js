// Your own Asterisk over its REST interface (ARI): we choose the caller number, so that it ends in the code.
//
// secrets.URL      like https://localhost:8089. Copy this folder into yours and write your host into hosts of driver.conf;
//                  plain http and private addresses need the settings' leave too (loops.egress)
// secrets.USER     of ari.conf
// secrets.PASSWORD of ari.conf
// secrets.APP      the Stasis application that an answered call would go to
// secrets.ENDPOINT what to dial, like PJSIP/{number}@trunk
// secrets.CALLERS  the numbers that may call, with commas between: whole ones, or "7495123*" where * stands for the code
//
// Hanging up: Asterisk gives up after 20 seconds itself; poll ends an answered call, report one that still rings.
const words = { 400: "invalid_number", 401: "auth_failed", 403: "auth_failed", 429: "rate_limited" };
const states = { __proto__: null, Down: "pending", Rsrved: "pending", OffHook: "pending", Dialing: "pending", "Dialing Offhook": "pending",
  "Pre-ring": "pending", Ring: "pending", Unknown: "pending", Ringing: "ringing", Busy: "delivered" };

function start(obj, result, state) {
  if (result == null) {
    const code = obj.asString("code"), numbers = secrets.CALLERS.split(",").map(entry => entry.trim().replace("*", code));
    const caller = numbers.find(number => number.endsWith(code));
    if (!caller) return HttpLoop.error("unavailable", { detail: "no number in CALLERS ends in the code" });
    return ask("POST", "")
      .withQuery("endpoint", secrets.ENDPOINT.replace("{number}", obj.asString("phone_number")))
      .withQuery("callerId", caller)
      .withQuery("timeout", "20")
      .withQuery("app", secrets.APP)
      .withQuery("channelId", obj.asString("reference")) // the same again is 409 and rings no second time
      .build({ caller });
  }
  const id = obj.asString("reference"), repeated = result.status() == 409;
  if (!repeated && (result.status() != 200 || result.body().asString("id") != id)) return failure(result);
  return HttpLoop.Ok({ call_id: id, caller: state.asString("caller"), pending: true });
}

// poll finds no channel once the call is over, however it ended: the phone has rung, as far as Asterisk can tell.
function poll(obj, result, state) {
  if (result == null) return ask("GET", "/" + encodeURIComponent(obj.asString("call_id")));
  if (result.status() == 404 || state != null) return HttpLoop.Ok({ state: "delivered" });
  if (result.status() != 200) return failure(result);
  const now = result.body().asString("state");
  if (now == "Up") return hangUp(obj).build({ ended: true });
  return states[now] ? HttpLoop.Ok({ state: states[now], after: 1000 }) : failure(result);
}

function report(obj, result) {
  if (result == null) return hangUp(obj);
  return result.status() < 300 || result.status() == 404 ? HttpLoop.Ok({}) : failure(result);
}

function hangUp(obj) { return ask("DELETE", "/" + encodeURIComponent(obj.asString("call_id"))); }

function ask(method, path) {
  return HttpLoop.callBuilder(method, secrets.URL + "/ari/channels" + path).withBasicAuth(secrets.USER, secrets.PASSWORD);
}

function failure(result) {
  const word = words[result.status()] || (result.status() >= 500 ? "unavailable" : "bad_answer");
  return HttpLoop.error(word, { status: "" + result.status(), retry_after: result.header("Retry-After") });
}
