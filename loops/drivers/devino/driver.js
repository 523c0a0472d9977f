// Devino 2FA: Devino chooses the code and checks it. There is no id of a call: the number itself names it.
//
// secrets.API_KEY  goes into the header X-ApiKey
//
// Written from programs that use it, not from a page of Devino's: Code 0 is good, and what other codes mean is unknown to us.
const words = { 401: "auth_failed", 402: "no_funds", 403: "auth_failed", 429: "rate_limited" };

function start(obj, result) {
  if (result == null) return ask("GenerateCode", { DestinationNumber: obj.asString("phone_number") });
  if (result.status() != 200) return failure(result);
  const answer = result.body();
  if (answer.asInt("Code") !== 0) return HttpLoop.error("bad_answer", { code: answer.asString("Code"), description: answer.asString("Description") });
  return HttpLoop.Ok({});
}

// check counts any other code than 0 as a wrong one: the programs do, and it lets nobody in.
function check(obj, result) {
  if (result == null) return ask("CheckCode", { DestinationNumber: obj.asString("phone_number"), Code: obj.asString("code") });
  if (result.status() != 200) return failure(result);
  const code = result.body().asInt("Code");
  return code == null ? HttpLoop.error("bad_answer", { detail: "no Code" }) : HttpLoop.Ok({ valid: code === 0 });
}

function ask(method, body) {
  return HttpLoop.callBuilder("POST", "https://phoneverification.devinotele.com/" + method).withHeader("X-ApiKey", secrets.API_KEY).withBody(body);
}

function failure(result) {
  const word = words[result.status()] || (result.status() >= 500 ? "unavailable" : "bad_answer");
  return HttpLoop.error(word, { status: "" + result.status(), retry_after: result.header("Retry-After") });
}
