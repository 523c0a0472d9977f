// java.util.Arrays.

j.Arrays = {
  str: (a, f) => (a === null ? "null" : "[" + Array.from(a, (v) => f(v)).join(", ") + "]"),
  deep: (a) => (a === null ? "null" : "[" + Array.from(a, (v) => (Array.isArray(v) ? j.Arrays.deep(v) : ArrayBuffer.isView(v) ? j.Arrays.str(v, j.str) : j.str(v))).join(", ") + "]"),
  equal: (a, b) => a === b || a !== null && b !== null && a.length === b.length && a.every((v, i) => j.equal(v, b[i])),
  hash(a) { if (a === null) return 0; let h = 1; for (const v of a) h = Math.imul(h, 31) + (v === null ? 0 : j.hash(v)) | 0; return h; },
  sort: (a, f) => sortArray(j.nn(a), f === null ? j.cmp : f),
  equalDoubles: (a, b) => a === b || a !== null && b !== null && a.length === b.length && a.every((v, i) => Object.is(v, b[i])),
  deepEqual: (a, b) => a === b || a !== null && b !== null && a.length === b.length && Array.from(a).every((v, i) => {
    const w = b[i];
    return Array.isArray(v) && Array.isArray(w) || ArrayBuffer.isView(v) && ArrayBuffer.isView(w) ? j.Arrays.deepEqual(v, w) : j.equal(v, w);
  }),
  within(n, from, to) {
    if (from > to) fail(ex.IllegalArgumentException, "fromIndex(" + from + ") > toIndex(" + to + ")");
    if (from < 0 || to > n) fail(ex.ArrayIndexOutOfBoundsException, "Array index out of range: " + (from < 0 ? from : to));
  },
  sortPart(a, from, to, f) {
    j.Arrays.within(j.nn(a).length, from, to);
    const part = Array.from(a.slice(from, to));
    sortArray(part, f);
    part.forEach((v, i) => { a[from + i] = v; });
  },
  fill(a, from, to, v) { j.Arrays.within(j.nn(a).length, from, to); a.fill(v, from, to); },
  search(a, key, f) {
    let low = 0, high = j.nn(a).length - 1;
    while (low <= high) {
      const mid = low + high >>> 1, c = f(a[mid], key);
      if (c < 0) low = mid + 1; else if (c > 0) high = mid - 1; else return mid;
    }
    return -(low + 1);
  },
  setAll(a, f) { for (let i = 0; i < j.nn(a).length; i++) a[i] = f(i); },
  copy(a, from, n, fill) {
    size(n);
    const part = j.nn(a).slice(from, from + n);
    if (part.length === n) return part;
    const out = Array.isArray(a) ? new Array(n).fill(fill) : new a.constructor(n);
    for (let i = 0; i < part.length; i++) out[i] = part[i];
    return out;
  },
  range(a, from, to, fill) {
    if (from > to) fail(ex.IllegalArgumentException, from + " > " + to);
    if (from < 0 || from > j.nn(a).length) fail(ex.ArrayIndexOutOfBoundsException, "Array index out of range: " + from);
    return j.Arrays.copy(a, from, to - from, fill);
  },
};
