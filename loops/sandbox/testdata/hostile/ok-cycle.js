// Ok with an object that holds itself.
// reasons: contract
function run() {
  const o = {};
  o.o = o;
  return HttpLoop.Ok(o);
}
