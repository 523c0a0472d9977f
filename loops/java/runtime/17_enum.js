// What enums have.

j.Enum = class extends Obj {
  $e(name, k) { this.$n = name; this.$k = k; return this; }
  $str() { return this.$n; }
  $cmp(o) { return this.$k - o.$k; }
};
j.enumOf = (E, name, canonical) => E.$values.find((e) => e.$n === (name === null ? fail(ex.NullPointerException, "Name is null") : name)) || fail(ex.IllegalArgumentException, "No enum constant " + canonical + "." + name);
// enumClass gives the enum of a constant, which may have a class of its own.
const enumClass = (e) => (Object.getPrototypeOf(e.constructor) === j.Enum ? e.constructor : Object.getPrototypeOf(e.constructor));
j.declaring = (e) => j.classNamed(enumClass(e).$name, enumClass(e).$simple, enumClass(e));
