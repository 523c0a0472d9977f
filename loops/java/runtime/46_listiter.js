// ListIterator.

j.ListIter = class extends Obj {
  constructor(list, i) {
    super();
    if (i < 0 || i > list.size()) fail(ex.IndexOutOfBoundsException, "Index: " + i);
    this.list = list; this.i = i; this.last = -1; this.mods = list.mods;
  }
  $check() { if (this.list.mods !== this.mods) fail(ex.ConcurrentModificationException, null); }
  hasNext() { return this.i !== this.list.size(); }
  hasPrevious() { return this.i !== 0; }
  nextIndex() { return this.i; }
  previousIndex() { return this.i - 1; }
  next() {
    this.$check();
    if (this.i >= this.list.size()) fail(ex.NoSuchElementException, null);
    this.last = this.i;
    return this.list.get(this.i++);
  }
  previous() {
    this.$check();
    if (this.i <= 0) fail(ex.NoSuchElementException, null);
    this.last = --this.i;
    return this.list.get(this.i);
  }
  $placed() { if (this.last < 0) fail(ex.IllegalStateException, null); this.$check(); return this.last; }
  remove() { this.i = this.$placed(); this.list.removeAt(this.i); this.last = -1; this.mods = this.list.mods; }
  set(v) { this.list.set(this.$placed(), v); }
  add(v) { this.$check(); this.list.insert(this.i++, v); this.last = -1; this.mods = this.list.mods; }
};
