// Optional.

j.Optional = class extends Obj {
  constructor(v, kind = "") { super(); this.v = v; this.kind = kind; }
  get() { return this.v === null ? fail(ex.NoSuchElementException, "No value present") : this.v; }
  orElse(v) { return this.v === null ? v : this.v; }
  orElseGet(f) { return this.v === null ? f() : this.v; }
  orElseThrow(f) { if (this.v === null) throw j.thrown(f()); return this.v; }
  ifPresent(f) { if (this.v !== null) f(this.v); }
  ifPresentOrElse(f, g) { if (this.v !== null) f(this.v); else g(); }
  map(f) { return this.v === null ? this : new j.Optional(f(this.v)); }
  flatMap(f) { return this.v === null ? this : j.nn(f(this.v)); }
  filter(f) { return this.v === null || f(this.v) ? this : new j.Optional(null); }
  or(f) { return this.v === null ? j.nn(f()) : this; }
  $eq(o) { return o instanceof j.Optional && o.kind === this.kind && j.equal(this.v, o.v); }
  $hash() { return this.v === null ? 0 : j.hash(this.v); }
  $str() { return "Optional" + this.kind + (this.v === null ? ".empty" : "[" + (this.kind === "Double" ? j.dstr(this.v) : j.str(this.v)) + "]"); }
};
// opt gives an optional of a primitive, which writes itself in another way.
j.opt = (kind, o) => new j.Optional(o.v, kind);
