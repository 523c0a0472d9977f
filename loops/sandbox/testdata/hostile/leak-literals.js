// Literals of a compiled script: a regular expression's lastIndex, an array, a class.
// ok: {"at":0,"length":1,"made":1}
class Counter {
  static made = 0;
  constructor() { Counter.made++; }
}
function run() {
  const pattern = /a/g;
  const at = pattern.lastIndex;
  pattern.test("aaa");
  const list = ["a"];
  const length = list.length;
  list.push(secrets.token);
  new Counter();
  return HttpLoop.Ok({ at, length, made: Counter.made });
}
