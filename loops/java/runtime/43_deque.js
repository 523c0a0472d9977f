// ArrayDeque.

// ArrayDeque is no List, and compares by identity.
j.ArrayDeque = class extends Coll {
  constructor(a) { super(); this.a = a; }
  arr() { return this.a; }
  removeLastOccurrence(o) { const i = this.a.findLastIndex((v) => j.equal(v, o)); if (i >= 0) this.removeAt(i); return i >= 0; }
  $eq(o) { return this === o; }
  $hash() { return j.identity(this); }
};
for (const name of ["insert", "removeAt", "$filter", "$drop", "clear", "indexOf", "remove", "getFirst", "getLast", "removeFirst", "removeLast", "poll", "pollLast", "peek", "peekLast", "descendingIterator"]) {
  Object.defineProperty(j.ArrayDeque.prototype, name, { value: List.prototype[name] });
}
j.ArrayDeque.prototype.$range = function (i) { return i; };
for (const name of ["add", "addFirst"]) {
  Object.defineProperty(j.ArrayDeque.prototype, name, { value(v) { return List.prototype[name].call(this, j.nn(v)); } });
}
j.ArrayDeque.$name = "java.util.ArrayDeque";
