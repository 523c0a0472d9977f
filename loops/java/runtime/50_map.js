// Maps. HashMap goes through its items in Java's order: a table of buckets by spread hash code, which doubles
// when it is three quarters full.

Entry = class extends Obj {
  constructor(k, v, fixed = false, h = 0) { super(); this.k = k; this.v = v; this.fixed = fixed; this.h = h; }
  setValue(v) { if (this.fixed) fail(ex.UnsupportedOperationException, typeof this.fixed === "string" ? this.fixed : null); const old = this.v; this.v = v; return old; }
  $eq(o) { return o instanceof Entry && j.equal(this.k, o.k) && j.equal(this.v, o.v); }
  $hash() { return (this.k === null ? 0 : j.hash(this.k)) ^ (this.v === null ? 0 : j.hash(this.v)); }
  $str() { return j.str(this.k) + "=" + j.str(this.v); }
};
Entry.$name = "java.util.Map$Entry";
j.Entry = Entry;

// JMap is any map. A subclass has $find(k), $insert(k, v), $delete(k) and entries().
JMap = class extends Obj {
  constructor() { super(); this.mods = 0; this.n = 0; }
  size() { return this.n; }
  get(k) { const e = this.$find(k); return e ? e.v : null; }
  getOrDefault(k, v) { const e = this.$find(k); return e ? e.v : v; }
  containsKey(k) { return !!this.$find(k); }
  containsValue(v) { return this.entries().some((e) => j.equal(e.v, v)); }
  put(k, v) {
    const e = this.$find(k);
    if (e) { const old = e.v; e.v = v; return old; }
    this.mods++;
    this.$insert(k, v);
    return null;
  }
  putIfAbsent(k, v) { const old = this.get(k); if (old === null) this.put(k, v); return old; }
  putAll(m) { for (const e of j.nn(m).entries()) this.put(e.k, e.v); }
  with(m) { this.putAll(m); return this; }
  remove(k) {
    const e = this.$find(k);
    if (!e) return null;
    this.mods++;
    this.$delete(k);
    return e.v;
  }
  replacePair(k, old, v) { const e = this.$find(k); if (!e || !j.equal(e.v, old)) return false; e.v = v; return true; }
  removePair(k, v) { const e = this.$find(k); if (!e || !j.equal(e.v, v)) return false; this.remove(k); return true; }
  replace(k, v) { return this.containsKey(k) ? this.put(k, v) : null; }
  clear() { for (const e of this.entries()) this.remove(e.k); }
  keySet() { return new View(this, (e) => e.k); }
  values() { return new Values(this, (e) => e.v); }
  entrySet() { return new View(this, (e) => e); }
  forEach(f) { const mods = this.mods; for (const e of this.entries()) { f(e.k, e.v); if (mods !== this.mods) fail(ex.ConcurrentModificationException, null); } }
  replaceAll(f) { for (const e of this.entries()) e.v = f(e.k, e.v); }
  computeIfAbsent(k, f) {
    const old = this.get(k);
    if (old !== null) return old;
    const v = this.$call(f, k);
    if (v !== null) this.$store(k, v);
    return v;
  }
  computeIfPresent(k, f) { const old = this.get(k); return old === null ? null : this.$store(k, this.$call(f, k, old)); }
  compute(k, f) { return this.$store(k, this.$call(f, k, this.get(k))); }
  merge(k, v, f) { j.nn(v); const old = this.get(k); return this.$store(k, old === null ? v : this.$call(f, old, v)); }
  $call(f, ...a) { const mods = this.mods; const v = j.fn(f)(...a); if (mods !== this.mods) fail(ex.ConcurrentModificationException, null); return v; }
  // $store is how compute and merge put; a HashMap then adds at the other end of a bucket.
  $store(k, v) { if (v === null) this.remove(k); else this.put(k, v); return v; }
  $eq(o) { return o === this || o instanceof JMap && o.size() === this.size() && this.entries().every((e) => { const x = o.$find(e.k); return !!x && j.equal(x.v, e.v); }); }
  $hash() { let h = 0; for (const e of this.entries()) h = h + e.$hash() | 0; return h; }
  $str() { return "{" + this.entries().map((e) => (e.k === this ? "(this Map)" : j.str(e.k)) + "=" + (e.v === this ? "(this Map)" : j.str(e.v))).join(", ") + "}"; }
  static of(...a) {
    for (let i = 0; i < a.length; i++) j.nn(a[i]);
    const m = JMap.fixed(a);
    return m.size() * 2 < a.length ? fail(ex.IllegalArgumentException, "duplicate key: " + j.str(JMap.twice(a))) : new StrictMap(m.m);
  }
  static twice(a) { for (let i = 0; i < a.length; i += 2) for (let k = 0; k < i; k += 2) if (j.equal(a[i], a[k])) return a[i]; return null; }
  static ofEntries(list) { return JMap.of(...list.flatMap((e) => [e.k, e.v])); }
  static copyOf(m) {
    for (const e of m.entries()) { j.nn(e.k); j.nn(e.v); }
    return new StrictMap(new j.LinkedHashMap(0).with(m));
  }
  static fixed(a) { const m = new j.LinkedHashMap(0); for (let i = 0; i < a.length; i += 2) m.put(a[i], a[i + 1]); return new FixedMap(m); }
  static view(m) { return new FixedMap(m); }
};
JMap.$name = "java.util.Map";
j.Map = JMap;

const spread = (k) => { const h = k === null ? 0 : j.hash(k); return h ^ h >>> 16; };
const tableFor = (n) => (n <= 1 ? 1 : 1 << 32 - Math.clz32(n - 1));
HashMap = class extends JMap {
  constructor(capacity) {
    super();
    if (capacity < 0) fail(ex.IllegalArgumentException, "Illegal initial capacity: " + capacity);
    this.table = new Array(capacity > 0 ? tableFor(Math.min(capacity, 65536)) : 16).fill(null);
  }
  static from(m) { const out = new HashMap(m.size() ? Math.floor(m.size() / 0.75 + 1) : 0); out.putAll(m); return out; }
  putAll(m) { while (this.n > 0 && j.nn(m).size() > this.table.length * 0.75) this.$grow(); super.putAll(m); }
  $find(k) {
    const h = spread(k), bucket = this.table[h & this.table.length - 1];
    if (bucket !== null) for (const e of bucket) if (e.h === h && j.equal(e.k, k)) return e;
    return null;
  }
  $insert(k, v) {
    const h = spread(k), i = h & this.table.length - 1, e = new Entry(k, v, false, h);
    if (this.table[i] === null) this.table[i] = [e];
    else {
      this.table[i].push(e);
      if (this.table[i].length > 8 && this.table.length < 64) this.$grow();
    }
    if (++this.n > this.table.length * 0.75) this.$grow();
    this.$added(e);
  }
  $store(k, v) {
    if (v === null || this.$find(k)) return super.$store(k, v);
    this.mods++;
    if (this.n > this.table.length * 0.75) this.$grow();
    const h = spread(k), i = h & this.table.length - 1, e = new Entry(k, v, false, h);
    if (this.table[i] === null) this.table[i] = [e];
    else {
      this.table[i].unshift(e);
      if (this.table[i].length > 8 && this.table.length < 64) this.$grow();
    }
    this.n++;
    this.$added(e);
    return v;
  }
  $added() {}
  $delete(k) {
    const h = spread(k), i = h & this.table.length - 1, bucket = this.table[i];
    const at = bucket.findIndex((e) => e.h === h && j.equal(e.k, k));
    const e = bucket.splice(at, 1)[0];
    if (bucket.length === 0) this.table[i] = null;
    this.n--;
    return e;
  }
  $grow() {
    const old = this.table;
    this.table = new Array(old.length * 2).fill(null);
    for (const bucket of old) {
      if (bucket === null) continue;
      for (const e of bucket) {
        const i = e.h & this.table.length - 1;
        if (this.table[i] === null) this.table[i] = [e]; else this.table[i].push(e);
      }
    }
  }
  clear() { this.mods++; this.table.fill(null); this.n = 0; }
  entries() { const out = []; for (const bucket of this.table) if (bucket !== null) out.push(...bucket); return out; }
};
HashMap.$name = "java.util.HashMap";
j.HashMap = HashMap;
j.ConcurrentHashMap = class extends HashMap {
  put(k, v) { j.nn(k); return super.put(k, j.nn(v)); }
};
j.LinkedHashMap = class extends HashMap {
  // ordered gives one that an access brings to its end.
  static ordered(byAccess) {
    const m = new j.LinkedHashMap(0);
    if (byAccess) for (const name of ["get", "getOrDefault", "put", "putIfAbsent", "computeIfAbsent", "computeIfPresent", "compute", "merge", "replace"]) {
      Object.defineProperty(m, name, { value(k, ...rest) { const out = j.LinkedHashMap.prototype[name].call(m, k, ...rest); m.$touch(k); return out; } });
    }
    return m;
  }
  $touch(k) { const e = this.$find(k); if (e !== null && this.order.delete(e)) { this.order.add(e); this.mods++; } }
  constructor(n) { super(n); this.order = new Set(); }
  $added(e) { this.order.add(e); }
  $delete(k) { this.order.delete(super.$delete(k)); }
  clear() { super.clear(); this.order.clear(); }
  entries() { return Array.from(this.order); }
};
j.LinkedHashMap.$name = "java.util.LinkedHashMap";

class FixedMap extends JMap {
  constructor(m) { super(); this.m = m; }
  size() { return this.m.size(); }
  $find(k) { return this.m.$find(k); }
  entries() { return this.m.entries().map((e) => new Entry(e.k, e.v, true)); }
}
FixedMap.$name = "java.util.ImmutableCollections$MapN";
for (const name of ["put", "putIfAbsent", "putAll", "remove", "removePair", "replace", "clear", "replaceAll", "computeIfAbsent", "computeIfPresent", "compute", "merge"]) {
  Object.defineProperty(FixedMap.prototype, name, { value: unsupported });
}

// StrictMap is Map.of, which has no null and can't be asked for it.
class StrictMap extends FixedMap {
  $find(k) { return super.$find(j.nn(k)); }
}

SetBase = class extends Coll {
  $eq(o) { return o === this || o instanceof SetBase && o.size() === this.size() && this.containsAll(o); }
  $hash() { let h = 0; for (const v of this.arr()) h = h + (v === null ? 0 : j.hash(v)) | 0; return h; }
};
j.SetBase = SetBase;
// over goes over entries as they were, and knows which to remove.
const over = (owner, entries, pick) => { const it = new Iter(entries.map(pick), owner); it.entries = entries; return it; };
class View extends SetBase {
  constructor(m, pick) { super(); this.m = m; this.pick = pick; }
  get mods() { return this.m ? this.m.mods : 0; }
  set mods(v) {}
  arr() { return this.m.entries().map(this.pick); }
  iterator() { return over(this, this.m.entries(), this.pick); }
  $drop(a, i, it) { this.m.remove(it.entries[i - 1].k); return i; }
  size() { return this.m.size(); }
  $filter(f) { for (const e of this.m.entries()) if (!f(this.pick(e))) this.m.remove(e.k); }
}
class Values extends Coll {
  constructor(m, pick) { super(); this.m = m; this.pick = pick; }
  get mods() { return this.m ? this.m.mods : 0; }
  set mods(v) {}
  arr() { return this.m.entries().map(this.pick); }
  iterator() { return over(this, this.m.entries(), this.pick); }
  $drop(a, i, it) { this.m.remove(it.entries[i - 1].k); return i; }
  size() { return this.m.size(); }
  $filter(f) { for (const e of this.m.entries()) if (!f(e.v)) this.m.remove(e.k); }
}
