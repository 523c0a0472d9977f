// Numbers: overflow, division, conversions, parsing, and the text of doubles.

j.d2i = (d) => (d !== d ? 0 : d >= 2147483647 ? 2147483647 : d <= -2147483648 ? -2147483648 : Math.trunc(d) | 0);
const maxLong = 9223372036854775807n, minLong = -9223372036854775808n;
j.d2l = (d) => (d !== d ? 0n : d >= 9223372036854775807 ? maxLong : d <= -9223372036854775808 ? minLong : BigInt(Math.trunc(d)));

// decimal writes digits and an exponent as Double.toString does.
const decimal = (d, text) => {
  if (d !== d) return "NaN";
  if (d === Infinity) return "Infinity";
  if (d === -Infinity) return "-Infinity";
  if (d === 0) return Object.is(d, -0) ? "-0.0" : "0.0";
  const [mantissa, e] = text.split("e");
  const sign = d < 0 ? "-" : "";
  const digits = mantissa.replace("-", "").replace(".", "");
  const exp = Number(e), abs = Math.abs(d);
  if (abs < 1e-3 || abs >= 1e7) return sign + digits[0] + "." + (digits.slice(1) || "0") + "E" + exp;
  if (exp < 0) return sign + "0." + "0".repeat(-exp - 1) + digits;
  const whole = digits.slice(0, exp + 1).padEnd(exp + 1, "0");
  return sign + whole + "." + (digits.slice(exp + 1) || "0");
};
j.dstr = (d) => (Number.isInteger(d) && d < 1e7 && d > -1e7 && d !== 0 ? d + ".0" : decimal(d, Number.isFinite(d) ? d.toExponential() : ""));
// even gives the even one of two texts that lie equally near to f.
const even = (f, text, p) => {
  const [all, e] = f.toExponential(60).split("e");
  const head = all.replace("-", "").length < p + 2 ? all : all.slice(0, (f < 0 ? 1 : 0) + (p === 0 ? 1 : p + 2));
  const rest = all.slice(head.length).replace(".", "");
  return /^50*$/.test(rest) && Number(head[head.length - 1]) % 2 === 0 && Math.fround(Number(head + "e" + e)) === f ? head + "e" + e : text;
};
j.fstr = (f) => {
  if (!Number.isFinite(f)) return decimal(f, "");
  for (let p = 0; p < 9; p++) {
    const text = f.toExponential(p);
    if (Math.fround(Number(text)) === f) return decimal(f, even(f, text, p).replace(/\.?0+e/, "e"));
  }
  return decimal(f, f.toExponential());
};

const badNumber = (s, radix) => fail(ex.NumberFormatException, s === null ? 'Cannot parse null string: null'
  : 'For input string: "' + s + '"' + (radix === 10 || s === "" ? "" : " under radix " + radix));
const whole = (s, radix) => {
  if (s === null) badNumber(s, radix);
  const m = /^([+-]?)([0-9a-zA-Z]+)$/.exec(s.replace(/[\u0660-\u0669\u06f0-\u06f9\u0966-\u096f\uff10-\uff19]/g, (c) => j.Char.digit(c.charCodeAt(0), 10)));
  if (!m) badNumber(s, radix);
  let out = 0n;
  const base = BigInt(radix);
  if (m[2].length > 2000) badNumber(s, radix);
  for (const c of m[2]) {
    const d = parseInt(c, 36);
    if (d >= radix) badNumber(s, radix);
    out = out * base + BigInt(d);
  }
  return m[1] === "-" ? -out : out;
};
const keep = (v) => (v >= -2147483648 && v <= 2147483647 ? v | 0 : fail(ex.ArithmeticException, "integer overflow"));
const gcdMod = (a, b) => { const r = a % b; return r !== 0n && (r < 0n) !== (b < 0n) ? r + b : r; };

j.Num = {
  whole,
  parseInt(s, radix) {
    const v = whole(s, radix);
    return v < -2147483648n || v > 2147483647n ? badNumber(s, radix) : Number(v);
  },
  parseLong(s, radix) {
    const v = whole(s, radix);
    return v < minLong || v > maxLong ? badNumber(s, radix) : v;
  },
  parseSmall(s, most, radix) {
    const v = j.Num.parseInt(s, radix);
    return v > most || v < -most - 1 ? fail(ex.NumberFormatException, 'Value out of range. Value:"' + s + '" Radix:' + radix) : v;
  },
  parseUnsigned(s, radix) {
    const v = whole(s, radix);
    return v < 0n || v > 4294967295n ? badNumber(s, radix) : Number(BigInt.asIntN(32, v));
  },
  parseUnsignedLong(s) { const v = whole(s, 10); return v < 0n || v > 18446744073709551615n ? badNumber(s, 10) : j.wrap(v); },
  decode(s) {
    const m = /^([+-]?)(0[xX]|#|0(?=.))?([0-9a-zA-Z]+)$/.exec(j.nn(s));
    if (!m) fail(ex.NumberFormatException, s === "" ? "Zero length string" : 'For input string: "' + s + '"');
    return whole((m[1] === "-" ? "-" : "") + m[3], m[2] === undefined ? 10 : m[2] === "0" ? 8 : 16);
  },
  decodeInt(s) { const v = j.Num.decode(s); return v < -2147483648n || v > 2147483647n ? badNumber(s, 10) : Number(v); },
  decodeLong(s) { const v = j.Num.decode(s); return v < minLong || v > maxLong ? badNumber(s, 10) : v; },
  parseDouble(s) {
    const t = j.Str.trim(j.nn(s));
    const m = /^[+-]?(NaN|Infinity|([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?[fFdD]?)$/.exec(t);
    if (!m) fail(ex.NumberFormatException, t === "" ? "empty String" : /^[+-]?[0-9]*\.[0-9]*\./.test(t) ? "multiple points" : 'For input string: "' + t + '"');
    return Number(t.endsWith("y") || t.endsWith("N") ? t : t.replace(/[fFdD]$/, ""));
  },
  radix: (v, r) => v.toString(r < 2 || r > 36 ? 10 : r),
  int: (o) => (typeof o === "number" ? o : typeof o === "bigint" ? Number(BigInt.asIntN(32, o)) : j.d2i(o.v)),
  long: (o) => (typeof o === "number" ? BigInt(o) : typeof o === "bigint" ? o : j.d2l(o.v)),
  double: (o) => (typeof o === "number" ? o : typeof o === "bigint" ? Number(o) : o.v),
  max: (a, b) => (a > b ? a : b),
  min: (a, b) => (a < b ? a : b),
  abs: (a) => j.wrap(a < 0n ? -a : a),
  compareDoubles: (a, b) => (a < b ? -1 : a > b ? 1 : a === b && a !== 0 ? 0 : Object.is(a, b) ? 0 : a !== a ? 1 : b !== b ? -1 : Object.is(a, -0) ? -1 : 1),
  bits: (d) => (d !== d ? 0x7ff8000000000000n : new BigInt64Array(Float64Array.of(d).buffer)[0]),
  ofBits: (v) => new Float64Array(BigInt64Array.of(v).buffer)[0],
  lowest: (v) => v & -v,
  reverseBytes: (v) => v << 24 | (v & 0xff00) << 8 | v >>> 8 & 0xff00 | v >>> 24,
  divideUnsigned: (a, b) => (b === 0 ? byZero() : (a >>> 0) / (b >>> 0) | 0),
  remainderUnsigned: (a, b) => (b === 0 ? byZero() : (a >>> 0) % (b >>> 0) | 0),
  absExact: (v) => (v === -2147483648 ? fail(ex.ArithmeticException, "Overflow to represent absolute value of Integer.MIN_VALUE") : Math.abs(v)),
  bitCount(v) { let n = 0; for (v >>>= 0; v; v >>>= 1) n += v & 1; return n; },
  reverse(v) { let out = 0; for (let i = 0; i < 32; i++) out = out << 1 | v >>> i & 1; return out; },
  highest: (v) => (v === 0 ? 0 : 1 << 31 - Math.clz32(v)),
  trailing: (v) => (v === 0 ? 32 : 31 - Math.clz32(v & -v)),
  rotate: (v, n) => v << n | v >>> -n,
  rint(d) { const r = Math.round(d); return Math.abs(d % 1) === 0.5 ? 2 * Math.round(d / 2) : Object.is(r, 0) && d < 0 ? -0 : r; },
  round: (d) => j.d2l(Math.floor(d) + (d - Math.floor(d) >= 0.5 ? 1 : 0)),
  floorMod(a, b) { const r = j.irem(a, b); return r !== 0 && (r < 0) !== (b < 0) ? r + b : r; },
  floorDiv(a, b) { const q = j.idiv(a, b); return (a < 0) !== (b < 0) && Math.imul(q, b) !== a ? q - 1 | 0 : q; },
  lfloorMod: (a, b) => (b === 0n ? byZero() : gcdMod(a, b)),
  lfloorDiv: (a, b) => (b === 0n ? byZero() : j.wrap((a - gcdMod(a, b)) / b)),
  exact: keep,
  lexact: (v) => (v === j.wrap(v) ? v : fail(ex.ArithmeticException, "long overflow")),
  toInt: (v) => (v === BigInt.asIntN(32, v) ? Number(v) : fail(ex.ArithmeticException, "integer overflow")),
};

j.Lng = {
  lowest: (v) => j.wrap(v & -v),
  bitCount: (v) => BigInt.asUintN(64, v).toString(2).replace(/0/g, "").length,
  leading: (v) => (v === 0n ? 64 : 64 - BigInt.asUintN(64, v).toString(2).length),
  trailing: (v) => (v === 0n ? 64 : 63 - j.Lng.leading(BigInt.asIntN(64, v & -v))),
  reverse: (v) => j.wrap(BigInt("0b" + Array.from(BigInt.asUintN(64, v).toString(2).padStart(64, "0")).reverse().join(""))),
  reverseBytes: (v) => j.wrap(BigInt("0x" + BigInt.asUintN(64, v).toString(16).padStart(16, "0").match(/../g).reverse().join(""))),
  highest: (v) => (v === 0n ? 0n : j.wrap(1n << BigInt(63 - j.Lng.leading(v)))),
  rotate(v, n) { const u = BigInt.asUintN(64, v); return j.wrap(u << BigInt(n & 63) | u >> BigInt(-n & 63)); },
};
