// The last match of a regular expression, and Symbol.for.
// ok: {}
function run() {
  /(.+)/.exec(secrets.token);
  Symbol.for(secrets.token).description;
  RegExp.kept = secrets.token;
  return HttpLoop.Ok({});
}
