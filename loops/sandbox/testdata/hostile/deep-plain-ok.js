// A plain object nested deep, as Ok.
// reasons: contract
function run() {
  let o = {};
  for (let n = 0; n < 1e5; n++) o = { a: o };
  return HttpLoop.Ok(o);
}
