// Objects.

j.Objects = {
  hash: (o) => (o === null ? 0 : j.hash(o)),
  str: (o, other) => (o === null ? other : j.str(o)),
  need: (o, message) => (o === null ? fail(ex.NullPointerException, message) : o),
  needBy: (o, f) => (o === null ? fail(ex.NullPointerException, f()) : o),
  orElseGet: (o, f) => (o === null ? j.nn(j.nn(f)()) : o),
  deep: (a, b) => j.Arrays.deepEqual([a], [b]),
  compare: (a, b, f) => (a === b ? 0 : f(a, b)),
  index: (i, n) => (i < 0 || i >= n ? fail(ex.IndexOutOfBoundsException, "Index " + i + " out of bounds for length " + n) : i),
  orElse: (o, other) => (o === null ? j.nn(other) : o),
};
