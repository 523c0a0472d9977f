// PriorityQueue: a heap, whose items stand as Java's do.

j.Heap = class extends Coll {
  constructor(f) { super(); this.f = f === null ? j.cmp : f; this.a = []; }
  static from(c) {
    const h = new j.Heap(null);
    h.a = c.arr().slice();
    for (let i = (h.a.length >> 1) - 1; i >= 0; i--) h.$down(i);
    return h;
  }
  arr() { return this.a; }
  $up(k) {
    const v = this.a[k];
    for (let p; k > 0 && this.f(v, this.a[p = k - 1 >> 1]) < 0; k = p) { this.a[k] = this.a[p]; this.a[p] = v; }
  }
  $down(k) {
    const a = this.a, v = a[k];
    for (let c; (c = 2 * k + 1) < a.length; k = c) {
      if (c + 1 < a.length && this.f(a[c], a[c + 1]) > 0) c++;
      if (this.f(v, a[c]) <= 0) break;
      a[k] = a[c];
      a[c] = v;
    }
  }
  add(v) { j.nn(v); if (this.a.length === 0) this.f(v, v); this.mods++; this.a.push(v); this.$up(this.a.length - 1); return true; }
  $at(i) {
    this.mods++;
    const out = this.a[i], last = this.a.pop();
    if (i < this.a.length) { this.a[i] = last; this.$down(i); if (this.a[i] === last) this.$up(i); }
    return out;
  }
  poll() { return this.a.length ? this.$at(0) : null; }
  peek() { return this.a.length ? this.a[0] : null; }
  getFirst() { return this.a.length ? this.a[0] : fail(ex.NoSuchElementException, null); }
  removeFirst() { this.getFirst(); return this.$at(0); }
  remove(o) { const i = this.a.findIndex((v) => j.equal(v, o)); if (i >= 0) this.$at(i); return i >= 0; }
  $drop(a, i) { this.$at(i - 1); return i - 1; }
  clear() { this.mods++; this.a.length = 0; }
  $filter(f) {
    const kept = this.a.filter((v) => f(v));
    if (kept.length === this.a.length) return;
    this.mods++;
    this.a.splice(0, this.a.length, ...kept);
    for (let i = (this.a.length >> 1) - 1; i >= 0; i--) this.$down(i);
  }
};
j.Heap.$name = "java.util.PriorityQueue";
