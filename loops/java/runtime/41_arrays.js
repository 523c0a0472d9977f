// java.util.Arrays.

j.Arrays = {
  str: (a, f) => (a === null ? "null" : "[" + Array.from(a, (v) => f(v)).join(", ") + "]"),
  deep: (a) => (a === null ? "null" : "[" + Array.from(a, (v) => (Array.isArray(v) ? j.Arrays.deep(v) : ArrayBuffer.isView(v) ? j.Arrays.str(v, j.str) : j.str(v))).join(", ") + "]"),
  equal: (a, b) => a === b || a !== null && b !== null && a.length === b.length && a.every((v, i) => j.equal(v, b[i])),
  hash(a) { if (a === null) return 0; let h = 1; for (const v of a) h = Math.imul(h, 31) + (v === null ? 0 : j.hash(v)) | 0; return h; },
  sort: (a, f) => sortArray(j.nn(a), f === null ? j.cmp : f),
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
