// getClass, casts.

j.Class = class extends Obj {
  constructor(name) { super(); this.n = name; }
  getName() { return this.n; }
  getSimpleName() { return this.n.slice(Math.max(this.n.lastIndexOf("."), this.n.lastIndexOf("$")) + 1); }
  $str() { return "class " + this.n; }
  $eq(o) { return o instanceof j.Class && o.n === this.n; }
  $hash() { return j.hash(this.n); }
};
j.classOf = (o) => {
  const simple = { string: "String", number: "Integer", bigint: "Long", boolean: "Boolean" }[typeof o];
  if (simple) return new j.Class("java.lang." + simple);
  for (const [k, name] of D === undefined ? [] : [[D, "Double"], [F, "Float"], [C, "Character"], [S, "Short"], [B, "Byte"]]) if (o instanceof k) return new j.Class("java.lang." + name);
  return new j.Class(o.constructor && o.constructor.$name || "java.lang.Object");
};

j.cast = (o, test, name) => (o === null || test(o) ? o : fail(ex.ClassCastException, "class " + j.classOf(o).getName() + " cannot be cast to class " + name));
