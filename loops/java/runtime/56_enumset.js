// EnumSet.

const made = (E, list) => { const s = JSet.tree(null, null); for (const e of list) s.add(j.nn(e)); s.E = E; return s; };
j.EnumSet = {
  of: (list) => made(j.declaring(list[0]).of, list),
  none: (c) => made(c.of, []),
  all: (c) => made(c.of, c.of.$values),
  range: (a, b) => made(j.declaring(a).of, j.declaring(a).of.$values.filter((e) => e.$k >= a.$k && e.$k <= j.nn(b).$k)),
  copy: (c) => {
    if (c.size() === 0 && !c.E) fail(ex.IllegalArgumentException, "Collection is empty");
    return made(c.E || j.declaring(c.arr()[0]).of, c.arr());
  },
  complement: (s) => made(s.E, s.E.$values.filter((e) => !s.contains(e))),
};
