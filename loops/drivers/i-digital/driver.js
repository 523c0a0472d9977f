// i-Digital Direct (also Revicom), channel FLASHCALL: calls from a number that ends in the code that we choose.
//
// secrets.TOKEN         goes into the header Authorization as it is: it is base64 already
// secrets.CALLBACK_URL  where Ringtail takes this driver's callbacks, without a query
// secrets.CALLBACK_KEY  random text of our own. Callbacks aren't signed, so it is in their address and proves who sends them
//
// HTTP 200 says nothing yet: each item has its own code, and 201 is the good one.
const api = "https://direct.i-dgtl.ru/api/v1/";
const words = { 4010: "auth_failed", 4012: "auth_failed", 401: "auth_failed", 402: "no_funds", 403: "auth_failed", 429: "rate_limited" };
const states = { __proto__: null, delivered: "delivered", undelivered: "failed", unsent: "failed" }; // all others aren't final

function start(obj, result) {
  if (result == null) {
    const callback = secrets.CALLBACK_URL + "?" + ownQuery() + encodeURIComponent(obj.asString("reference"));
    return HttpLoop.callBuilder("POST", api + "message")
      .withHeader("Authorization", "Basic " + secrets.TOKEN)
      .withBody(JsArr.of([{ channelType: "FLASHCALL", senderName: "Ringtail", destination: obj.asString("phone_number"),
        content: obj.asString("code"), callbackUrl: callback, callbackEvents: ["sent", "delivered"] }]));
  }
  const items = result.status() == 200 ? result.body().asArr("items") : null;
  const item = items && items.asObj(0);
  if (!item || item.asInt("code") != 201 || !item.asString("messageUuid")) return failure(result);
  return HttpLoop.Ok({ call_id: item.asString("messageUuid"), pending: true });
}

// callback knows the challenge by the reference too: it may come before the answer to start.
function callback(obj) {
  const query = obj.asString("query"), own = ownQuery();
  if (!crypto.equal(query.substring(0, own.length), own)) return HttpLoop.error("auth_failed", { detail: "the callback's key is wrong" });
  const news = JsArr.parse(obj.asString("body"));
  const last = news.size() > 0 ? news.asObj(news.size() - 1) : JsObj.empty;
  if (!last.asString("message_uuid")) return HttpLoop.error("bad_answer", { detail: "the callback names no message" });
  const state = states[last.asString("status")] || "pending";
  const reference = decodeURIComponent(query.substring(own.length).split("&")[0]);
  return HttpLoop.Ok({ call_id: last.asString("message_uuid"), reference, state, error: state == "failed" ? "unreachable" : null });
}

// report helps i-Digital to choose better routes. Its page writes NUMBER_VERIFIED in two ways; this is the one without the slip.
function report(obj, result) {
  if (result != null) return result.status() < 300 ? HttpLoop.Ok({}) : failure(result);
  return HttpLoop.callBuilder("POST", api + "flashcall-conversion")
    .withHeader("Authorization", "Bearer " + secrets.TOKEN)
    .withBody({ messageUuid: obj.asString("call_id"), code: obj.asString("code"),
      result: obj.asBool("verified") ? "NUMBER_VERIFIED" : "WRONG_CODE" });
}

function ownQuery() { return "key=" + encodeURIComponent(secrets.CALLBACK_KEY) + "&reference="; }

function failure(result) {
  const status = result.status(), wait = { status: "" + status, retry_after: result.header("Retry-After") };
  if (status >= 500) return HttpLoop.error("unavailable", wait);
  if (words[status]) return HttpLoop.error(words[status], wait);
  const error = result.body().asObj("error") || JsObj.empty;
  return HttpLoop.error(words[error.asInt("code")] || "bad_answer", { status: "" + status, message: error.asString("msg") });
}
