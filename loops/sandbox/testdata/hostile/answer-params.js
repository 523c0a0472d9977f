// error with a hundred thousand parameters.
// reasons: contract
function run() {
  const o = {};
  for (let n = 0; n < 1e5; n++) o["p" + n] = n;
  return HttpLoop.error("unavailable", o);
}
