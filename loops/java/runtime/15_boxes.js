// The boxes that are objects of their own.

class Box {
  constructor(v) { this.v = v; }
  $eq(o) { return o instanceof Box && o.constructor === this.constructor && (this.v === o.v ? this.v !== 0 || Object.is(this.v, o.v) : this.v !== this.v && o.v !== o.v); }
}
D = class extends Box {
  $str() { return j.dstr(this.v); }
  $hash() { const b = j.Num.bits(this.v); return Number(BigInt.asIntN(32, b ^ BigInt.asUintN(64, b) >> 32n)); }
  $cmp(o) { return j.Num.compareDoubles(this.v, o.v); }
};
F = class extends Box {
  $str() { return j.fstr(this.v); }
  $hash() { return new Int32Array(Float32Array.of(this.v).buffer)[0]; }
  $cmp(o) { return j.Num.compareDoubles(this.v, o.v); }
};
C = class extends Box {
  $str() { return String.fromCharCode(this.v); }
  $hash() { return this.v; }
  $cmp(o) { return this.v - o.v; }
};
S = class extends Box {
  $str() { return "" + this.v; }
  $hash() { return this.v; }
  $cmp(o) { return this.v - o.v; }
};
B = class extends Box {
  $str() { return "" + this.v; }
  $hash() { return this.v; }
  $cmp(o) { return this.v - o.v; }
};
for (const [K, name] of [[D, "Double"], [F, "Float"], [C, "Character"], [S, "Short"], [B, "Byte"]]) Object.defineProperty(K.prototype, "$box", { value: "java.lang." + name });
const kindsOfBox = { D, F, C, S, B };
j.D = (v) => new D(v);
j.F = (v) => new F(v);
j.C = (v) => new C(v);
j.S = (v) => new S(v);
j.B = (v) => new B(v);
j.isBox = (o, kind) => o instanceof kindsOfBox[kind];
j.isNumber = (o) => typeof o === "number" || typeof o === "bigint" || o instanceof D || o instanceof F || o instanceof S || o instanceof B;

// one is == between objects: boxes are one object only within Java's cache.
j.one = (a, b) => {
  if (typeof a === "number" && typeof b === "number") return a === b && a >= -128 && a <= 127;
  if (typeof a === "bigint" && typeof b === "bigint") return a === b && a >= -128n && a <= 127n;
  if (a instanceof C && b instanceof C) return a === b || a.v === b.v && a.v <= 127;
  if (a instanceof S && b instanceof S || a instanceof B && b instanceof B) return a === b || a.v === b.v && a.v >= -128 && a.v <= 127;
  return a === b;
};
