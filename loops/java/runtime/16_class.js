// getClass, casts.

j.Class = class extends Obj {
  constructor(name, simple = name.slice(Math.max(name.lastIndexOf("."), name.lastIndexOf("$")) + 1)) { super(); this.n = name; this.s = simple; }
  getName() { return this.n; }
  getSimpleName() { return this.s; }
  $str() { return "class " + this.n; }
  $eq(o) { return o instanceof j.Class && o.n === this.n; }
  $hash() { return j.hash(this.n); }
};
j.classOf = (o) => {
  const simple = { string: "String", number: "Integer", bigint: "Long", boolean: "Boolean" }[typeof o];
  if (simple) return new j.Class("java.lang." + simple);
  for (const [k, name] of D === undefined ? [] : [[D, "Double"], [F, "Float"], [C, "Character"], [S, "Short"], [B, "Byte"]]) if (o instanceof k) return new j.Class("java.lang." + name);
  const own = o.constructor;
  return own && own.$name ? new j.Class(own.$name, Object.hasOwn(own, "$simple") ? own.$simple : undefined) : new j.Class("java.lang.Object");
};

j.cast = (o, test, name) => (o === null || test(o) ? o : fail(ex.ClassCastException, "class " + j.classOf(o).getName() + " cannot be cast to class " + name));
