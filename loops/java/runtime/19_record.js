// What records have.

j.Record = {
  equal: (a, b) => { const x = a.$all(), y = b.$all(); return x.every((v, i) => j.equal(v, y[i])); },
  hash(o) { let h = 0; for (const v of o.$all()) h = Math.imul(h, 31) + (v === null ? 0 : j.hash(v)) | 0; return h; },
  str(o, name, names) { const all = o.$all(); return name + "[" + names.map((n, i) => n + "=" + j.str(all[i])).join(", ") + "]"; },
};
