// Ok with ten thousand keys.
// reasons: contract
function run() {
  const o = {};
  for (let n = 0; n < 1e4; n++) o["key-" + n] = n;
  return HttpLoop.Ok(o);
}
