// map of an array whose species makes what it likes.
// reasons: time memory contract
class Bomb extends Array {
  static get [Symbol.species]() { return function () { return new Array(2 ** 26).fill(0); }; }
}
function run() { return new Bomb(1, 2, 3).map((x) => x).length; }
