// What enums have.

j.Enum = class extends Obj {
  $e(name, k) { this.$n = name; this.$k = k; return this; }
  $str() { return this.$n; }
  $cmp(o) { return this.$k - o.$k; }
};
j.enumOf = (E, name, canonical) => E.$values.find((e) => e.$n === j.nn(name)) || fail(ex.IllegalArgumentException, "No enum constant " + canonical + "." + name);
