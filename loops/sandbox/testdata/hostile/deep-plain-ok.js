// A plain object nested deep, as Ok.
// reasons: contract
function run() {
  let o = {};
  for (let n = 0; n < 2e4; n++) o = { a: o };
  return HttpLoop.Ok(o);
}
