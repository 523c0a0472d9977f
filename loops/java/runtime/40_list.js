// Collections: what all share, iterators, lists.

Iter = class extends Obj {
  constructor(a, owner) { super(); this.a = a; this.i = 0; this.last = false; this.owner = owner; this.mods = owner ? owner.mods : 0; }
  // A list of which the last items were removed behind its iterator's back goes on, to throw.
  hasNext() { return this.owner instanceof List && !(this.owner instanceof j.LinkedList) ? this.i !== this.a.length : this.i < this.a.length; }
  $check() { if (this.owner && this.owner.mods !== this.mods) fail(ex.ConcurrentModificationException, null); }
  next() {
    this.$check();
    if (this.i >= this.a.length) fail(ex.NoSuchElementException, null);
    this.last = true;
    return this.a[this.i++];
  }
  remove() {
    if (!this.owner) fail(ex.UnsupportedOperationException, "remove");
    if (this.owner instanceof Fixed) unsupported();
    if (!this.last) fail(ex.IllegalStateException, null);
    this.$check();
    this.i = this.owner.$drop(this.a, this.i, this);
    if (this.owner instanceof List) this.a = this.owner.arr();
    this.last = false;
    this.mods = this.owner.mods;
  }
};
j.isIterator = (o) => o instanceof Iter || typeof o === "object" && typeof o.hasNext === "function";
j.isIterable = (o) => o instanceof Coll || typeof o.iterator === "function";
j.iterator = (c) => j.nn(c).iterator();
j.rest = (it, f) => { while (j.nn(it).hasNext()) f(it.next()); };
j.each = (c, f) => { for (const it = j.iterator(c); it.hasNext();) f(it.next()); };
j.arr = (c) => { if (j.nn(c) instanceof Coll) return c.arr(); const out = []; j.each(c, (v) => out.push(v)); return out; };
j.toArray = (c, a) => {
  const out = c.arr().slice();
  while (out.length < j.nn(a).length) out.push(out.length === c.size() ? null : a[out.length]);
  return out;
};

// Coll is any collection. A subclass has arr(), which gives the items and isn't changed by who asks, and add and remove.
Coll = class extends Obj {
  constructor() { super(); this.mods = 0; }
  size() { return this.arr().length; }
  iterator() { return new Iter(this.arr(), this); }
  contains(o) { return this.arr().some((v) => j.equal(v, o)); }
  containsAll(c) { return j.arr(c).every((v) => this.contains(v)); }
  addAll(c) { let changed = false; for (const v of j.nn(c).arr().slice()) changed = this.add(v) || changed; return changed; }
  add() { return fail(ex.UnsupportedOperationException, null); }
  remove(o) { const n = this.size(); let done = false; this.$filter((v) => done || !j.equal(v, o) || !(done = true)); return this.size() !== n; }
  removeIf(f) { const n = this.size(); this.$filter((v) => !f(v)); return this.size() !== n; }
  removeAll(c) { j.nn(c); return this.removeIf((v) => c.contains(v)); }
  retainAll(c) { j.nn(c); return this.removeIf((v) => !c.contains(v)); }
  forEach(f) { j.each(this, f); }
  clear() { this.$filter(() => false); }
  $filter() { fail(ex.UnsupportedOperationException, null); }
  $drop(a, i) { let k = 0; const gone = a[i - 1]; this.$filter((v) => k++ !== i - 1 || v !== gone); return i; }
  $str() { return "[" + this.arr().map((v) => (v === this ? "(this Collection)" : j.str(v))).join(", ") + "]"; }
};
Coll.$name = "java.util.Collection";
j.Coll = Coll;

const range = (i, n) => (i < 0 || i >= n ? fail(ex.IndexOutOfBoundsException, "Index " + i + " out of bounds for length " + n) : i);
const sized = (i, n) => fail(ex.IndexOutOfBoundsException, "Index: " + i + ", Size: " + n);
const gap = (i, n) => { if (i < 0 || i > n) sized(i, n); };
List = class extends Coll {
  constructor(a) { super(); this.a = a; }
  arr() { return this.a; }
  size() { return this.arr().length; }
  $range(i) { return range(i, this.arr().length); }
  get(i) { return this.arr()[this.$range(i)]; }
  set(i, v) { const a = this.arr(); const old = a[this.$range(i)]; a[i] = v; return old; }
  listIterator(i) { return new j.ListIter(this, i); }
  descendingIterator() { return new Iter(this.arr().slice().reverse(), null); }
  removeLastOccurrence(o) { const i = this.lastIndexOf(o); if (i >= 0) this.removeAt(i); return i >= 0; }
  add(v) { this.mods++; this.a.push(v); return true; }
  insert(i, v) { gap(i, this.a.length); this.mods++; this.a.splice(i, 0, v); }
  insertAll(i, c) { gap(i, this.a.length); this.mods++; this.a.splice(i, 0, ...j.nn(c).arr()); return c.size() > 0; }
  removeAt(i) { this.$range(i); this.mods++; return this.a.splice(i, 1)[0]; }
  remove(o) { const i = this.indexOf(o); if (i >= 0) this.removeAt(i); return i >= 0; }
  $filter(f) { const kept = this.a.filter((v) => f(v)); if (kept.length !== this.a.length) { this.mods++; this.a.splice(0, this.a.length, ...kept); } }
  $drop(a, i) { this.removeAt(i - 1); return i - 1; }
  clear() { this.mods++; this.a.length = 0; }
  indexOf(o) { return this.arr().findIndex((v) => j.equal(v, o)); }
  lastIndexOf(o) { const a = this.arr(); for (let i = a.length - 1; i >= 0; i--) if (j.equal(a[i], o)) return i; return -1; }
  contains(o) { return this.indexOf(o) >= 0; }
  subList(from, to) {
    const n = this.arr().length;
    if (from < 0) fail(ex.IndexOutOfBoundsException, "fromIndex = " + from);
    if (to > n) fail(ex.IndexOutOfBoundsException, "toIndex = " + to);
    if (from > to) fail(ex.IllegalArgumentException, "fromIndex(" + from + ") > toIndex(" + to + ")");
    return new SubList(this, from, to);
  }
  sort(f) { this.mods++; sortArray(this.arr(), f === null ? j.cmp : f); }
  replaceAll(f) { const a = this.arr(); for (let i = 0; i < a.length; i++) a[i] = f(a[i]); }
  $eq(o) { const a = this.arr(); if (o === this) return true; if (!(o instanceof List)) return false; const b = o.arr(); return a.length === b.length && a.every((v, i) => j.equal(v, b[i])); }
  $hash() { let h = 1; for (const v of this.arr()) h = Math.imul(h, 31) + (v === null ? 0 : j.hash(v)) | 0; return h; }

  // What a Deque has beside.
  addFirst(v) { this.insert(0, v); }
  getFirst() { return this.a.length ? this.a[0] : fail(ex.NoSuchElementException, null); }
  getLast() { return this.a.length ? this.a[this.a.length - 1] : fail(ex.NoSuchElementException, null); }
  removeFirst() { this.getFirst(); return this.removeAt(0); }
  removeLast() { this.getLast(); return this.removeAt(this.a.length - 1); }
  poll() { return this.a.length ? this.removeAt(0) : null; }
  pollLast() { return this.a.length ? this.removeAt(this.a.length - 1) : null; }
  peek() { return this.a.length ? this.a[0] : null; }
  peekLast() { return this.a.length ? this.a[this.a.length - 1] : null; }

  static of(a) { for (let i = 0; i < a.length; i++) j.nn(a[i]); return new Strict(a.slice()); }
  static few(a) { return new Few(a); }
  static fixed(a) { return new Fixed(a); }
  static backed(a) { return new Backed(j.nn(a)); }
  static view(list) { return new Fixed(list.arr()); }
};
List.$name = "java.util.List";
j.List = List;
j.ArrayList = class extends List {};
j.ArrayList.$name = "java.util.ArrayList";
j.sized = (n) => (n < 0 ? fail(ex.IllegalArgumentException, "Illegal Capacity: " + n) : new j.ArrayList([]));
j.LinkedList = class extends List {
  $range(i) { return i < 0 || i >= this.a.length ? sized(i, this.a.length) : i; }
};
j.LinkedList.$name = "java.util.LinkedList";
unsupported = () => fail(ex.UnsupportedOperationException, null);
class Backed extends List {
  remove(o) { return this.contains(o) ? fail(ex.UnsupportedOperationException, "remove") : false; }
}
Backed.$name = "java.util.Arrays$ArrayList";
class Fixed extends Backed {}
Fixed.$name = "java.util.ImmutableCollections$ListN";
for (const name of ["add", "addAll", "insert", "insertAll", "removeAt", "clear", "removeIf", "$filter", "$drop"]) Object.defineProperty(Backed.prototype, name, { value: unsupported });
for (const name of ["set", "sort", "replaceAll", "remove", "removeAll", "retainAll"]) Object.defineProperty(Fixed.prototype, name, { value: unsupported });
// Strict is List.of, which has no null and can't be asked for it.
class Strict extends Fixed {
  indexOf(o) { return super.indexOf(j.nn(o)); }
  lastIndexOf(o) { return super.lastIndexOf(j.nn(o)); }
}
Strict.$name = "java.util.ImmutableCollections$ListN";
// Few is a list of Collections, in which there may be nothing to refuse.
class Few extends Backed {
  set() { return unsupported(); }
  addAll(c) { return j.nn(c).size() === 0 ? false : unsupported(); }
  clear() { if (this.a.length > 0) unsupported(); }
  removeIf(f) { return this.a.some((v) => f(v)) ? unsupported() : false; }
}
class SubList extends List {
  constructor(base, from, to) { super(null); this.base = base; this.from = from; this.to = to; this.seen = base.mods; }
  get mods() { return this.base ? this.base.mods : 0; }
  set mods(v) {}
  arr() { this.$whole(); return this.base.arr().slice(this.from, this.to); }
  $whole() { if (this.seen !== this.base.mods) fail(ex.ConcurrentModificationException, null); }
  $range(i) { return range(i, this.to - this.from); }
  $own(by, f) { this.$whole(); const out = f(); this.to += by; this.seen = this.base.mods; return out; }
  set(i, v) { this.$whole(); return this.base.set(this.from + this.$range(i), v); }
  add(v) { this.$own(1, () => this.base.insert(this.to, v)); return true; }
  insert(i, v) { gap(i, this.to - this.from); this.$own(1, () => this.base.insert(this.from + i, v)); }
  insertAll(i, c) { let k = i; for (const v of j.nn(c).arr().slice()) this.insert(k++, v); return c.size() > 0; }
  removeAt(i) { this.$range(i); return this.$own(-1, () => this.base.removeAt(this.from + i)); }
  clear() { while (this.to > this.from) this.removeAt(this.to - this.from - 1); }
  $filter(f) { const a = this.arr(); for (let i = a.length - 1; i >= 0; i--) if (!f(a[i])) this.removeAt(i); }
  sort(f) { const a = this.arr(); sortArray(a, f === null ? j.cmp : f); a.forEach((v, i) => this.base.set(this.from + i, v)); }
  replaceAll(f) { this.arr().forEach((v, i) => this.set(i, f(v))); }
}
SubList.$name = "java.util.ArrayList$SubList";
