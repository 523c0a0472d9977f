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
  frequency: (c, o) => j.arr(c).filter((v) => j.equal(v, o)).length,
  copies: (n, v) => (n < 0 ? fail(ex.IllegalArgumentException, "List length = " + n) : List.fixed(new Array(n).fill(v))),
};
