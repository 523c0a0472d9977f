// Objects.

j.Objects = {
  hash: (o) => (o === null ? 0 : j.hash(o)),
  str: (o, other) => (o === null ? other : j.str(o)),
  need: (o, message) => (o === null ? fail(ex.NullPointerException, message) : o),
  needBy: (o, f) => (o === null ? fail(ex.NullPointerException, f()) : o),
  orElse: (o, other) => (o === null ? j.nn(other) : o),
};
