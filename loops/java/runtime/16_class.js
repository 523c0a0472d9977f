// getClass, casts, interfaces of the file.

j.Class = class extends Obj {
  constructor(name, simple = name.slice(Math.max(name.lastIndexOf("."), name.lastIndexOf("$")) + 1)) { super(); this.n = name; this.s = simple; this.of = null; }
  getName() { return this.n; }
  getSimpleName() { return this.s; }
  $str() { return "class " + this.n; }
  $eq(o) { return o instanceof j.Class && o.n === this.n; }
  $hash() { return j.hash(this.n); }
};
// One object stands for a class, since == is asked of it.
const classes = new Map();
j.classNamed = (name, simple, of = null) => {
  if (!classes.has(name)) classes.set(name, new j.Class(name, simple));
  const c = classes.get(name);
  if (of !== null) c.of = of;
  return c;
};
j.classOf = (o) => {
  const simple = { string: "String", number: "Integer", bigint: "Long", boolean: "Boolean" }[typeof o];
  if (simple) return j.classNamed("java.lang." + simple);
  for (const [k, name] of D === undefined ? [] : [[D, "Double"], [F, "Float"], [C, "Character"], [S, "Short"], [B, "Byte"]]) if (o instanceof k) return j.classNamed("java.lang." + name);
  const own = o.constructor;
  return own && own.$name ? j.classNamed(own.$name, Object.hasOwn(own, "$simple") ? own.$simple : undefined) : j.classNamed("java.lang.Object");
};

j.cast = (o, test, name) => (o === null || test(o) ? o : fail(ex.ClassCastException, "class " + j.classOf(o).getName() + " cannot be cast to class " + name));

// im gives the one method of an interface of the file: a lambda is the method itself, an object has it by name.
j.im = (o, name) => (typeof o === "function" ? o : (...a) => j.nn(o)[name](...a));
// dm gives a default method, which a lambda has from its interface.
j.dm = (o, I, name) => (typeof o === "function" ? (...a) => I.prototype[name].call(o, ...a) : (...a) => j.nn(o)[name](...a));
const own = Object.prototype.hasOwnProperty;
const has = (C, I) => typeof C === "function" && (C === I || own.call(C, "$is") && C.$is.some((x) => has(x, I)) || has(Object.getPrototypeOf(C), I));
j.isA = (o, I) => (typeof o === "function" ? I.$lambda : typeof o === "object" && has(o.constructor, I));
