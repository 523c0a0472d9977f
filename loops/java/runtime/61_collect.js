// Collectors.

const same = (x) => x;
const collector = (make, add, done = same) => ({ make, add, done });
j.Collect = {
  list: () => collector(() => new j.ArrayList([]), (l, v) => l.add(v)),
  fixed: () => collector(() => [], (a, v) => a.push(j.nn(v)), List.fixed),
  set: () => collector(() => JSet.hash(null), (s, v) => s.add(v)),
  into: (f) => collector(f, (c, v) => c.add(v)),
  join: (by, head, tail) => collector(() => [], (a, v) => a.push(j.str(v)), (a) => head + a.join(by) + tail),
  map: (key, value, merge, make) => collector(make || (() => new HashMap(0)), (m, v) => {
    const k = key(v), x = j.nn(value(v));
    if (merge) m.merge(k, x, merge);
    else if (m.containsKey(k)) fail(ex.IllegalStateException, "Duplicate key " + j.str(k) + " (attempted merging values " + j.str(m.get(k)) + " and " + j.str(x) + ")");
    else m.put(k, x);
  }),
  group: (key, make, inner) => collector(make || (() => new HashMap(0)), (m, v) => inner.add(m.computeIfAbsent(j.nn(key(v)), () => ({ box: inner.make() })).box, v), (m) => {
    m.replaceAll((k, v) => inner.done(v.box));
    return m;
  }),
  split: (test, inner) => collector(() => [inner.make(), inner.make()], (p, v) => inner.add(p[test(v) ? 1 : 0], v), (p) => {
    const m = new j.LinkedHashMap(0);
    m.put(false, inner.done(p[0]));
    m.put(true, inner.done(p[1]));
    return m;
  }),
  mapping: (f, inner) => collector(inner.make, (o, v) => inner.add(o, f(v)), inner.done),
  count: () => collector(() => [0n], (a) => { a[0]++; }, (a) => a[0]),
  sumLong: (f) => collector(() => [0n], (a, v) => { a[0] = j.wrap(a[0] + f(v)); }, (a) => a[0]),
  sumDouble: (f) => collector(() => [0], (a, v) => a.push(f(v)), (a) => new D(j.Stream.total(a.slice(1)))),
  average: (f) => collector(() => [], (a, v) => a.push(Number(f(v))), (a) => new D(a.length === 0 ? 0 : j.Stream.total(a) / a.length)),
  reduce: (first, f, add) => collector(() => [first], (a, v) => { a[0] = add(a[0], f(v)); }, (a) => a[0]),
  flat: (f, inner) => collector(inner.make, (o, v) => { const s = f(v); if (s !== null) s.forEach((x) => inner.add(o, x)); }, inner.done),
  tee: (a, b, f) => collector(() => [a.make(), b.make()], (p, v) => { a.add(p[0], v); b.add(p[1], v); }, (p) => f(a.done(p[0]), b.done(p[1]))),
  statistics: (kind, f) => collector(() => new j.Statistics(kind), (s, v) => s.accept(f(v))),
  then: (inner, f) => collector(inner.make, inner.add, (o) => f(inner.done(o))),
  best: (f, sign) => collector(() => [], (a, v) => a.push(v), (a) => j.Stream.of(a).best(f, sign)),
  filtering: (f, inner) => collector(inner.make, (o, v) => { if (f(v)) inner.add(o, v); }, inner.done),
  sum: (f) => collector(() => [0], (a, v) => { a[0] = a[0] + f(v) | 0; }, (a) => a[0]),
};
