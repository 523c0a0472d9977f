// JSON.stringify of an object that holds another twice, forty times over.
// reasons: time memory
function run() {
  let o = { x: 1 };
  for (let n = 0; n < 40; n++) o = { a: o, b: o };
  return JSON.stringify(o).length;
}
