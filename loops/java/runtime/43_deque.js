// ArrayDeque.

// ArrayDeque is no List, and compares by identity.
j.ArrayDeque = class extends Coll {
  constructor(a) { super(); this.a = a; }
  arr() { return this.a; }
  $eq(o) { return this === o; }
  $hash() { return j.identity(this); }
};
for (const name of ["add", "insert", "removeAt", "$filter", "$drop", "clear", "indexOf", "remove", "addFirst", "getFirst", "getLast", "removeFirst", "removeLast", "poll", "pollLast", "peek", "peekLast"]) {
  Object.defineProperty(j.ArrayDeque.prototype, name, { value: List.prototype[name] });
}
j.ArrayDeque.$name = "java.util.ArrayDeque";
