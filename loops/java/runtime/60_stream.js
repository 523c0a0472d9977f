// Streams.

// A Stream is a function that gives the next item, or end.
const end = Symbol("end");
class Stream extends Obj {
  constructor(next) { super(); this.next = next; }
  static of(a) { let i = 0; return new Stream(() => (i < a.length ? a[i++] : end)); }
  static over(c) { let it = null; return new Stream(() => { if (it === null) it = c.iterator(); return it.hasNext() ? it.next() : end; }); }
  static range(a, b) { let i = a; return new Stream(() => (i < b ? i++ : end)); }
  static longs(a, b) { let i = a; return new Stream(() => (i < b ? i++ : end)); }
  static concat(a, b) { return new Stream(() => { const v = a.next(); return v === end ? b.next() : v; }); }
  static iterate(first, test, f) {
    let v = first, started = false;
    return new Stream(() => {
      if (v === end) return end;
      if (started) v = f(v);
      started = true;
      if (test && !test(v)) v = end;
      return v;
    });
  }
  arr() { const out = []; for (let v; (v = this.next()) !== end;) out.push(v); return out; }
  filter(f) { return new Stream(() => { let v; while ((v = this.next()) !== end && !f(v)); return v; }); }
  map(f) { return new Stream(() => { const v = this.next(); return v === end ? end : f(v); }); }
  flatMap(f) {
    let inner = null;
    return new Stream(() => {
      for (;;) {
        if (inner !== null) { const v = inner.next(); if (v !== end) return v; }
        const outer = this.next();
        if (outer === end) return end;
        inner = f(outer);
      }
    });
  }
  $late(make) { let s = null; return new Stream(() => { if (s === null) s = Stream.of(make(this.arr())); return s.next(); }); }
  distinct() { return this.$late((a) => JSet.filled(new j.LinkedHashMap(0), new List(a)).arr()); }
  sorted(f) { return this.$late((a) => { sortArray(a, f); return a; }); }
  peek(f) { return this.map((v) => { f(v); return v; }); }
  limit(n) { if (n < 0) fail(ex.IllegalArgumentException, "" + n); let k = 0; return new Stream(() => (k++ < n ? this.next() : end)); }
  skip(n) { let k = 0; return new Stream(() => { while (k < n) { k++; if (this.next() === end) return end; } return this.next(); }); }
  takeWhile(f) { let on = true; return new Stream(() => { const v = on ? this.next() : end; if (v !== end && f(v)) return v; on = false; return end; }); }
  dropWhile(f) { let on = true; return new Stream(() => { let v = this.next(); while (on && v !== end && f(v)) v = this.next(); on = false; return v; }); }
  forEach(f) { for (let v; (v = this.next()) !== end;) f(v); }
  anyMatch(f) { for (let v; (v = this.next()) !== end;) if (f(v)) return true; return false; }
  allMatch(f) { for (let v; (v = this.next()) !== end;) if (!f(v)) return false; return true; }
  findFirst() { const v = this.next(); return new j.Optional(v === end ? null : j.nn(v)); }
  best(f, sign) { const a = this.arr(); return new j.Optional(a.length ? a.reduce((x, y) => (f(y, x) * sign > 0 ? y : x)) : null); }
  fold(first, f) { let out = first; this.forEach((v) => { out = f(out, v); }); return out; }
  reduce(f) { const a = this.arr(); return new j.Optional(a.length ? a.reduce((x, y) => f(x, y)) : null); }
  // Java sums doubles with what was rounded away kept aside.
  static total(a) {
    let sum = 0, aside = 0, simple = 0;
    for (const v of a) {
      const y = v - aside, t = sum + y;
      aside = t - sum - y;
      sum = t;
      simple += v;
    }
    const out = sum - aside;
    return out !== out && Math.abs(simple) === Infinity ? simple : out;
  }
  average() { const a = this.arr(); return new j.Optional(a.length ? Stream.total(a) / a.length : null); }
  statistics(kind) { const s = new j.Statistics(kind); this.forEach((v) => s.accept(v)); return s; }
  gather(make, add) { const out = make(); this.forEach((v) => add(out, v)); return out; }
  collect(c) { const out = c.make(); this.forEach((v) => c.add(out, v)); return c.done(out); }
}
Stream.$name = "java.util.stream.Stream";
j.Stream = Stream;
