// TreeMap.

j.TreeMap = class extends JMap {
  constructor(f) { super(); this.f = f === null ? j.cmp : f; this.list = []; }
  $at(k) {
    let a = 0, b = this.list.length;
    while (a < b) { const m = a + b >> 1; if (this.f(k, this.list[m].k) > 0) a = m + 1; else b = m; }
    return a;
  }
  $find(k) { const e = this.list[this.$at(j.nn(k))]; return e && this.f(k, e.k) === 0 ? e : null; }
  $insert(k, v) { if (this.list.length === 0) this.f(k, k); this.list.splice(this.$at(k), 0, new Entry(k, v)); this.n++; }
  $delete(k) { this.list.splice(this.$at(k), 1); this.n--; }
  entries() { return this.list.slice(); }
  $key(i) { return i >= 0 && i < this.list.length ? this.list[i].k : null; }
  firstKey() { return this.n ? this.list[0].k : fail(ex.NoSuchElementException, null); }
  lastKey() { return this.n ? this.list[this.n - 1].k : fail(ex.NoSuchElementException, null); }
  firstEntry() { return this.n ? this.list[0] : null; }
  lastEntry() { return this.n ? this.list[this.n - 1] : null; }
  floorKey(k) { return this.$key(this.$find(k) ? this.$at(k) : this.$at(k) - 1); }
  ceilingKey(k) { return this.$key(this.$at(k)); }
  lowerKey(k) { return this.$key(this.$at(k) - 1); }
  higherKey(k) { return this.$key(this.$at(k) + (this.$find(k) ? 1 : 0)); }
  descendingMap() { return new Part((a, b) => this.f(b, a), this.list.slice().reverse()); }
  // part gives the items from a key to another; null is no bound.
  part(from, withFrom, to, withTo) {
    const a = from === null ? 0 : this.$at(from) + (withFrom || !this.$find(from) ? 0 : 1);
    const b = to === null ? this.list.length : this.$at(to) + (withTo && this.$find(to) ? 1 : 0);
    if (from !== null && to !== null && this.f(from, to) > 0) fail(ex.IllegalArgumentException, "fromKey > toKey");
    return new Part(this.f, this.list.slice(a, Math.max(a, b)));
  }
  $entry(i) { return i >= 0 && i < this.list.length ? this.list[i] : null; }
  floorEntry(k) { return this.$entry(this.$find(k) ? this.$at(k) : this.$at(k) - 1); }
  ceilingEntry(k) { return this.$entry(this.$at(k)); }
  lowerEntry(k) { return this.$entry(this.$at(k) - 1); }
  higherEntry(k) { return this.$entry(this.$at(k) + (this.$find(k) ? 1 : 0)); }
  pollLastEntry() { const e = this.lastEntry(); if (e) this.remove(e.k); return e; }
  static from(m) { return new j.TreeMap(m instanceof j.TreeMap ? m.f : null).with(m); }
  pollFirstEntry() { const e = this.firstEntry(); if (e) this.remove(e.k); return e; }
};
j.TreeMap.$name = "java.util.TreeMap";
// Part is what headMap and the like give: it can be read alone, since a change of it would have to be one of the whole.
class Part extends j.TreeMap {
  constructor(f, list) { super(f); this.list = list; this.n = list.length; }
}
for (const name of ["put", "remove", "clear", "$store", "replaceAll", "pollFirstEntry", "pollLastEntry", "$insert", "$delete"]) Object.defineProperty(Part.prototype, name, { value: unsupported });
