// Plusofon flash-call API v1: calls from a number that ends in the pin that we choose.
//
// secrets.ACCESS_TOKEN  access_token of the flash-call account; the token of the personal cabinet is another one
//
// Plusofon says that its calls to MTS don't always get through. With our own pin nothing has to be asked of its /check.
const words = { 400: "invalid_number", 401: "auth_failed", 402: "no_funds", 403: "auth_failed", 429: "rate_limited" };

function start(obj, result) {
  if (result == null) {
    return HttpLoop.callBuilder("POST", "https://restapi.plusofon.ru/api/v1/flash-call/send")
      .withHeader("Authorization", "Bearer " + secrets.ACCESS_TOKEN)
      .withHeader("Client", "10553") // the same for everybody
      .withBody({ phone: obj.asString("phone_number"), pin: obj.asString("code") });
  }
  if (result.status() >= 300) {
    const word = words[result.status()] || (result.status() >= 500 ? "unavailable" : "bad_answer");
    return HttpLoop.error(word, { status: "" + result.status(), retry_after: result.header("Retry-After") });
  }
  const answer = result.body();
  if (answer.asBool("success") !== true) {
    // The page lists no errors for an account, so this says no more than that there was one.
    return HttpLoop.error("bad_answer", { message: answer.asString("message") });
  }
  const data = answer.asObj("data") || JsObj.empty;
  // The pin comes back as text or as a number. As a number it gets its zeros back, and is compared with ours.
  return HttpLoop.Ok({ call_id: data.asString("key"), code: data.asInt("pin") });
}
