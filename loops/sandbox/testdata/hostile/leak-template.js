// A tagged template's own object, which is made once for a compiled script.
// ok: {"kept":"undefined"}
const tag = (strings) => strings;
function run() {
  const strings = tag`a${1}b`;
  const kept = "" + Object.getPrototypeOf(strings).kept;
  Object.getPrototypeOf(strings).kept = secrets.token;
  return HttpLoop.Ok({ kept });
}
