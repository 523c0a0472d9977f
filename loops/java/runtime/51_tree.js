// TreeMap.

j.TreeMap = class extends JMap {
  constructor(f) { super(); this.f = f === null ? j.cmp : f; this.list = []; }
  $at(k) {
    let a = 0, b = this.list.length;
    while (a < b) { const m = a + b >> 1; if (this.f(this.list[m].k, k) < 0) a = m + 1; else b = m; }
    return a;
  }
  $find(k) { const e = this.list[this.$at(j.nn(k))]; return e && this.f(e.k, k) === 0 ? e : null; }
  $insert(k, v) { if (this.list.length === 0) this.f(k, k); this.list.splice(this.$at(k), 0, new Entry(k, v)); this.n++; }
  $delete(k) { this.list.splice(this.$at(k), 1); this.n--; }
  entries() { return this.list.slice(); }
  $key(i) { return i >= 0 && i < this.list.length ? this.list[i].k : null; }
  firstKey() { return this.n ? this.list[0].k : fail(ex.NoSuchElementException, null); }
  lastKey() { return this.n ? this.list[this.n - 1].k : fail(ex.NoSuchElementException, null); }
  firstEntry() { return this.n ? this.list[0] : null; }
  lastEntry() { return this.n ? this.list[this.n - 1] : null; }
  floorKey(k) { return this.$find(k) ? k : this.$key(this.$at(k) - 1); }
  ceilingKey(k) { return this.$key(this.$at(k)); }
  lowerKey(k) { return this.$key(this.$at(k) - 1); }
  higherKey(k) { return this.$key(this.$at(k) + (this.$find(k) ? 1 : 0)); }
  descendingMap() { return new j.TreeMap((a, b) => this.f(b, a)).with(this); }
  pollFirstEntry() { const e = this.firstEntry(); if (e) this.remove(e.k); return e; }
};
j.TreeMap.$name = "java.util.TreeMap";
