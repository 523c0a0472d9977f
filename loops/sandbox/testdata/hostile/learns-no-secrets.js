// The names of secrets, by every way of listing.
// ok: {"listed":"","has":false,"json":"TypeError","text":"TypeError"}
function text(make) {
  try {
    return make();
  } catch (e) {
    return e.name;
  }
}
function run() {
  const listed = [...Object.keys(secrets), ...Reflect.ownKeys(secrets).map(String)];
  for (const name in secrets) listed.push(name);
  return HttpLoop.Ok({ listed: listed.join(" "), has: "other_driver_key" in secrets, json: text(() => JSON.stringify(secrets)), text: text(() => "" + secrets) });
}
