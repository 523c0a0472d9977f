// MTS Exolve MakeCall, as an agency's recipe for 1C-Bitrix has it: a call of one second from a number that ends in the code.
// Exolve's own pages don't name this method. The recipe shows the request and says nothing of the answer.
//
// secrets.API_KEY  of the application in Exolve
// secrets.CALLERS  the numbers that may call, with commas between: whole ones, or "7495123*" where * stands for the code
const words = { 401: "auth_failed", 402: "no_funds", 403: "auth_failed", 429: "rate_limited" };

function start(obj, result) {
  if (result == null) {
    const code = obj.asString("code"), numbers = secrets.CALLERS.split(",").map(entry => entry.trim().replace("*", code));
    const number = numbers.find(number => number.endsWith(code));
    if (!number) return HttpLoop.error("unavailable", { detail: "no number in CALLERS ends in the code" });
    return HttpLoop.callBuilder("POST", "https://api.exolve.ru/call/v1/MakeCall")
      .withHeader("Authorization", "Bearer " + secrets.API_KEY)
      .withBody({ number, destination: obj.asString("phone_number"), call_duration: 1 });
  }
  if (result.status() == 200) {
    const answer = result.body(); // JSON at least; an error in it isn't a call
    return answer.has("error") ? HttpLoop.error("bad_answer", { detail: "" + answer }) : HttpLoop.Ok({ call_id: answer.asString("call_id") });
  }
  const word = words[result.status()] || (result.status() >= 500 ? "unavailable" : "bad_answer");
  return HttpLoop.error(word, { status: "" + result.status(), retry_after: result.header("Retry-After") });
}
