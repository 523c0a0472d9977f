// Sets.

JSet = class extends SetBase {
  constructor(m) { super(); this.m = m; }
  get mods() { return this.m ? this.m.mods : 0; }
  set mods(v) {}
  arr() { return this.m.entries().map((e) => e.k); }
  $drop(a, i) { this.m.remove(a[i - 1]); return i; }
  size() { return this.m.size(); }
  contains(o) { return this.m.containsKey(o); }
  add(v) { if (this.m.containsKey(v)) return false; this.m.put(v, true); return true; }
  remove(v) { return this.m.remove(v) !== null; }
  clear() { this.m.clear(); }
  $filter(f) { for (const e of this.m.entries()) if (!f(e.k)) this.m.remove(e.k); }
  part(...bounds) { return new JSet(this.m.part(...bounds)); }
  descendingSet() { return new JSet(this.m.descendingMap()); }
  first() { return this.m.firstKey(); }
  last() { return this.m.lastKey(); }
  floor(k) { return this.m.floorKey(k); }
  ceiling(k) { return this.m.ceilingKey(k); }
  higher(k) { return this.m.higherKey(k); }
  lower(k) { return this.m.lowerKey(k); }
  pollFirst() { const e = this.m.pollFirstEntry(); return e ? e.k : null; }
  pollLast() { const e = this.m.lastEntry(); if (e) this.m.remove(e.k); return e ? e.k : null; }
  static hash(c, capacity = c === null ? 0 : Math.max(Math.floor(c.size() / 0.75) + 1, 16)) { return JSet.filled(new HashMap(capacity), c); }
  static linked(c) { return JSet.filled(new j.LinkedHashMap(0), c); }
  static tree(c, f) { return JSet.filled(new j.TreeMap(f), c); }
  static filled(m, c) { const s = new JSet(m); if (c !== null) s.addAll(c); return s; }
  static of(a, unique) {
    const s = JSet.linked(null);
    for (const v of a) if (!s.add(j.nn(v)) && unique) fail(ex.IllegalArgumentException, "duplicate element: " + j.str(v));
    return new StrictSet(s.m);
  }
  static fixed(a) { const s = JSet.linked(null); for (const v of a) s.add(v); return new FixedSet(s.m); }
  static view(c) { return c instanceof JSet ? new FixedSet(c.m) : List.fixed(c.arr()); }
};
JSet.$name = "java.util.HashSet";
j.Set = JSet;
class FixedSet extends JSet {}
for (const name of ["add", "addAll", "remove", "clear", "removeIf", "removeAll", "retainAll", "$filter"]) Object.defineProperty(FixedSet.prototype, name, { value: unsupported });
// StrictSet is Set.of, which has no null and can't be asked for it.
class StrictSet extends FixedSet {
  contains(o) { return super.contains(j.nn(o)); }
}
