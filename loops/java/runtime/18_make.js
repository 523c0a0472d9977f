// Making and copying arrays.

size = (n) => (n < 0 ? fail(ex.NegativeArraySizeException, "" + n) : n);
j.plain = (n, v) => new Array(size(n)).fill(v);
j.array = (make, n, ...rest) => {
  size(n);
  if (rest.length === 0) return make(n);
  const out = new Array(n);
  for (let i = 0; i < n; i++) out[i] = j.array(make, ...rest);
  return out;
};
j.arraycopy = (from, i, to, k, n) => {
  if (i < 0 || k < 0 || n < 0 || i + n > j.nn(from).length || k + n > j.nn(to).length) {
    fail(ex.ArrayIndexOutOfBoundsException, "arraycopy: last source index " + (i + n) + " out of bounds for length " + from.length);
  }
  if (ArrayBuffer.isView(from)) { to.set(from.slice(i, i + n), k); return; }
  const copy = from.slice(i, i + n);
  for (let x = 0; x < n; x++) to[k + x] = copy[x];
};
