// java.util.Collections.

j.Lists = {
  reverse(l) { const a = l.arr().slice().reverse(); a.forEach((v, i) => l.set(i, v)); },
  shuffle(l) {
    const random = new j.Random();
    for (let i = l.size() - 1; i > 0; i--) j.Lists.swap(l, i, random.below(i + 1));
  },
  swap(l, a, b) { l.set(a, l.set(b, l.get(a))); },
  addAll(c, items) { let changed = false; for (const v of items) changed = j.nn(c).add(v) || changed; return changed; },
  best(c, f, sign) {
    const a = j.arr(c);
    if (a.length === 0) fail(ex.NoSuchElementException, null);
    return a.reduce((x, y) => (f(y, x) * sign > 0 ? y : x));
  },
  rotate(l, by) {
    const n = l.size(), a = l.arr().slice();
    for (let i = 0; i < n; i++) l.set(((i + by) % n + n) % n, a[i]);
  },
  search: (l, key, f) => j.Arrays.search(j.nn(l).arr(), key, f === null ? j.cmp : f),
  disjoint: (a, b) => !j.arr(a).some((v) => j.nn(b).contains(v)),
  fill(l, v) { for (let i = 0; i < j.nn(l).size(); i++) l.set(i, v); },
  frequency: (c, o) => j.arr(c).filter((v) => j.equal(v, o)).length,
  copies: (n, v) => (n < 0 ? fail(ex.IllegalArgumentException, "List length = " + n) : List.few(new Array(n).fill(v))),
};
