// Functions of functions.

j.Fn = {
  then: (f, g) => (...a) => g(j.fn(f)(...a)),
  and: (f, g) => (...a) => j.fn(f)(...a) && g(...a),
  or: (f, g) => (...a) => j.fn(f)(...a) || g(...a),
  not: (f) => (...a) => !j.fn(f)(...a),
  both: (f, g) => (...a) => { j.fn(f)(...a); g(...a); },
  best: (f, sign) => (a, b) => (f(a, b) * sign >= 0 ? a : b),
  reversed: (f) => (a, b) => j.fn(f)(b, a),
  by: (f, order) => (a, b) => order(f(a), f(b)),
  thenBy: (f, g) => (a, b) => j.fn(f)(a, b) || g(a, b),
  nulls: (f, side) => (a, b) => (a === null ? (b === null ? 0 : side) : b === null ? -side : f === null ? 0 : f(a, b)),
};
