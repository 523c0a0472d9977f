// Texts: String, StringBuilder, Character, String.format.

const noIndex = (i, n) => fail(ex.StringIndexOutOfBoundsException, "index " + i + ", length " + n);
j.charAt = (s, i) => (i < 0 || i >= s.length ? fail(ex.StringIndexOutOfBoundsException, "String index out of range: " + i) : s.charCodeAt(i));
j.sub = (s, from, to) => {
  const end = to === null ? s.length : to;
  if (from < 0 || end > s.length || from > end) fail(ex.StringIndexOutOfBoundsException, "begin " + from + ", end " + end + ", length " + s.length);
  return s.substring(from, end);
};
const blank = (c) => c === 32 || c >= 9 && c <= 13 || c >= 28 && c <= 31 || c === 0x1680 || c >= 0x2000 && c <= 0x200a && c !== 0x2007 ||
  c === 0x2028 || c === 0x2029 || c === 0x205f || c === 0x3000;
const cut = (s, test, head, tail) => {
  let a = 0, b = s.length;
  while (head && a < b && test(s.charCodeAt(a))) a++;
  while (tail && b > a && test(s.charCodeAt(b - 1))) b--;
  return s.substring(a, b);
};
j.Str = {
  chars(a, from = 0, n = j.nn(a).length) {
    if (from < 0 || n < 0 || from + n > a.length) fail(ex.StringIndexOutOfBoundsException, "offset " + from + ", count " + n + ", length " + a.length);
    let out = "";
    for (let i = from; i < from + n; i += 4096) out += String.fromCharCode(...a.subarray(i, Math.min(i + 4096, from + n)));
    return out;
  },
  toChars(s) {
    const out = new Uint16Array(s.length);
    for (let i = 0; i < s.length; i++) out[i] = s.charCodeAt(i);
    return out;
  },
  codePointAt: (s, i) => (i < 0 || i >= s.length ? noIndex(i, s.length) : s.codePointAt(i)),
  lastIndexOf: (s, t, from) => (from < 0 ? -1 : s.lastIndexOf(t, from)),
  startsAt: (s, t, from) => from >= 0 && from <= s.length && s.startsWith(t, from),
  fold: (s) => s.toUpperCase().toLowerCase(),
  same: (a, b) => b !== null && a.length === b.length && j.Str.fold(a) === j.Str.fold(b),
  compare(a, b) {
    const n = Math.min(a.length, b.length);
    for (let i = 0; i < n; i++) {
      const d = a.charCodeAt(i) - b.charCodeAt(i);
      if (d !== 0) return d;
    }
    return a.length - b.length;
  },
  trim: (s) => cut(s, (c) => c <= 32, true, true),
  strip: (s) => cut(s, blank, true, true),
  stripLeading: (s) => cut(s, blank, true, false),
  stripTrailing: (s) => cut(s, blank, false, true),
  repeat: (s, n) => (n < 0 ? fail(ex.IllegalArgumentException, "count is negative: " + n) : s.repeat(n)),
  lines(s) { const out = s.split(/\r\n|\r|\n/); if (out[out.length - 1] === "") out.pop(); return out; },
  join: (by, list) => Array.from(j.nn(list), j.str).join(j.str(j.nn(by))),
};

j.StringBuilder = class extends Obj {
  constructor(s) { super(); this.s = s; }
  add(s) { this.s += s; return this; }
  insert(i, s) {
    if (i < 0 || i > this.s.length) fail(ex.StringIndexOutOfBoundsException, "offset " + i + ", length " + this.s.length);
    this.s = this.s.slice(0, i) + s + this.s.slice(i);
    return this;
  }
  reverse() { this.s = Array.from(this.s).reverse().join(""); return this; }
  deleteCharAt(i) {
    if (i < 0 || i >= this.s.length) noIndex(i, this.s.length);
    this.s = this.s.slice(0, i) + this.s.slice(i + 1);
    return this;
  }
  cut(a, b) { return this.replace(a, b, ""); }
  replace(a, b, s) {
    const end = Math.min(b, this.s.length);
    if (a < 0 || a > end) fail(ex.StringIndexOutOfBoundsException, "start " + a + ", end " + b + ", length " + this.s.length);
    this.s = this.s.slice(0, a) + s + this.s.slice(end);
    return this;
  }
  setCharAt(i, c) {
    if (i < 0 || i >= this.s.length) noIndex(i, this.s.length);
    this.s = this.s.slice(0, i) + String.fromCharCode(c) + this.s.slice(i + 1);
  }
  setLength(n) { this.s = this.s.slice(0, n).padEnd(n, "\0"); }
  $str() { return this.s; }
};
j.StringBuilder.$name = "java.lang.StringBuilder";
j.StringJoiner = class extends Obj {
  constructor(by, head, tail) { super(); this.by = by; this.head = head; this.tail = tail; this.list = []; }
  add(s) { this.list.push(s); return this; }
  $str() { return this.head + this.list.join(this.by) + this.tail; }
};

const letter = (s) => s.toLowerCase() !== s.toUpperCase() || /[\u00aa\u00ba\u01bb\u05d0-\u05ea\u0620-\u064a\u0904-\u0939\u3041-\u30ff\u3400-\u9fff\uac00-\ud7a3]/.test(s);
j.Char = {
  isDigit: (c) => c >= 48 && c <= 57 || c >= 0x660 && c <= 0x669 || c >= 0x6f0 && c <= 0x6f9 || c >= 0x966 && c <= 0x96f || c >= 0xff10 && c <= 0xff19,
  isLetter: (c) => c >= 97 && c <= 122 || c >= 65 && c <= 90 || c > 127 && letter(String.fromCodePoint(c)),
  isUpper: (c) => c >= 65 && c <= 90 || c > 127 && String.fromCodePoint(c).toLowerCase() !== String.fromCodePoint(c),
  isLower: (c) => c >= 97 && c <= 122 || c > 127 && String.fromCodePoint(c).toUpperCase() !== String.fromCodePoint(c),
  isWhitespace: (c) => blank(c),
  isSpace: (c) => c === 32 || c === 0xa0 || c === 0x2007 || c === 0x202f || c > 32 && blank(c),
  upper(c) { const s = String.fromCodePoint(c).toUpperCase(); return s.length === String.fromCodePoint(c).length ? s.codePointAt(0) : c; },
  lower(c) { const s = String.fromCodePoint(c).toLowerCase(); return s.length === String.fromCodePoint(c).length ? s.codePointAt(0) : c; },
  digit(c, radix) { const d = c < 128 ? parseInt(String.fromCharCode(c), 36) : NaN; return d < radix ? d : -1; },
  numeric: (c) => j.Char.digit(c, 36),
  forDigit: (d, radix) => (d >= 0 && d < radix && radix >= 2 && radix <= 36 ? d.toString(radix).charCodeAt(0) : 0),
};

// format is String.format for the conversions that are in use: d x X o s S c b f e n %.
const badKind = (kind, v) => fail(ex.IllegalFormatConversionException, kind + " != " + j.classOf(v).getName());
const group = (digits) => digits.replace(/\B(?=(\d{3})+$)/g, ",");
const signed = (negative, flags) => (negative ? "-" : flags.includes("+") ? "+" : flags.includes(" ") ? " " : "");
const padded = (sign, digits, flags, width) => (flags.includes("0") ? sign + digits.padStart(width - sign.length, "0") : sign + digits);
// exactly gives a finite double's digits before and behind the point, rounded half up as Formatter does.
const exactly = (d, places) => {
  const [m, e] = Math.abs(d).toExponential().split("e");
  const point = Number(e) + 1;
  let digits = m.replace(".", "");
  const keepDigits = point + places;
  if (keepDigits < 0) digits = "0";
  else if (digits.length > keepDigits) {
    const up = digits[keepDigits] >= "5";
    let head = BigInt("0" + digits.slice(0, keepDigits)) + (up ? 1n : 0n);
    digits = head.toString();
  } else digits = digits.padEnd(keepDigits, "0");
  digits = digits.padStart(places + 1, "0");
  return [digits.slice(0, digits.length - places), places === 0 ? "" : "." + digits.slice(digits.length - places)];
};
const formats = {
  d(v, flags, width) {
    if (typeof v !== "number" && typeof v !== "bigint" && !(v instanceof S) && !(v instanceof B)) badKind("d", v);
    const text = j.str(v), negative = text[0] === "-";
    let digits = negative ? text.slice(1) : text;
    if (flags.includes(",")) digits = group(digits);
    if (flags.includes("(") && negative) return "(" + digits + ")";
    return padded(signed(negative, flags), digits, flags, width);
  },
  base(v, radix, flags, width, kind) {
    if (v instanceof S || v instanceof B) v = v.v < 0 ? v.v + (v instanceof B ? 256 : 65536) : v.v;
    else if (typeof v === "number") v = v >>> 0;
    else if (typeof v === "bigint") v = BigInt.asUintN(64, v);
    else badKind(kind, v);
    return padded(flags.includes("#") ? { 16: "0x", 8: "0" }[radix] : "", v.toString(radix), flags, width);
  },
  f(v, flags, width, precision) {
    if (!(v instanceof D) && !(v instanceof F)) badKind("f", v);
    const d = v instanceof F ? Number(j.fstr(v.v)) : v.v;
    if (!Number.isFinite(d)) return d !== d ? "NaN" : signed(d < 0, flags) + "Infinity";
    let [int, fraction] = exactly(d, precision === null ? 6 : precision);
    if (flags.includes(",")) int = group(int);
    return padded(signed(d < 0 || Object.is(d, -0), flags), int + fraction, flags, width);
  },
  e(v, flags, width, precision) {
    if (!(v instanceof D) && !(v instanceof F)) badKind("e", v);
    const [m, e] = Math.abs(v.v).toExponential(precision === null ? 6 : precision).split("e");
    return padded(signed(v.v < 0, flags), m + "e" + e[0] + e.slice(1).padStart(2, "0"), flags, width);
  },
  c(v) { return typeof v === "number" ? String.fromCodePoint(v) : v instanceof C ? j.str(v) : badKind("c", v); },
};
const convertOne = (kind, v, flags, width, precision) => {
  const lower = kind.toLowerCase();
  if (lower === "b") return v === null ? "false" : typeof v === "boolean" ? "" + v : "true";
  if (v === null) return precision === null ? "null" : "null".slice(0, precision);
  switch (lower) {
    case "s": { const s = j.str(v); return precision === null ? s : s.slice(0, precision); }
    case "h": return (j.hash(v) >>> 0).toString(16);
    case "d": return formats.d(v, flags, width);
    case "x": return formats.base(v, 16, flags, width, kind);
    case "o": return formats.base(v, 8, flags, width, kind);
    case "f": return formats.f(v, flags, width, precision);
    case "e": return formats.e(v, flags, width, precision);
    case "c": return formats.c(v);
  }
  return fail(ex.UnknownFormatConversionException, "Conversion = '" + kind + "'");
};
j.format = (format, args) => {
  let next = 0;
  const list = args === null ? [null] : args;
  return format.replace(/%(?:(\d+)\$)?([-#+ 0,(]*)(\d+)?(?:\.(\d+))?(.?)/gs, (all, index, flags, width, precision, kind) => {
    if (kind === "n") return "\n";
    const w = width === undefined ? 0 : Number(width);
    const pad = (s) => (flags.includes("-") ? s.padEnd(w) : s.padStart(w));
    if (kind === "%") return pad("%");
    if (!/^[a-zA-Z]$/.test(kind) || !"bhsdxofec".includes(kind.toLowerCase()) || "DOFC".includes(kind) && kind !== "C") {
      fail(ex.UnknownFormatConversionException, "Conversion = '" + (kind || "%") + "'");
    }
    if (w > 10000 || Number(precision) > 10000) fail(ex.IllegalFormatException, "too wide: " + all);
    const i = index === undefined ? next++ : Number(index) - 1;
    if (i < 0 || i >= list.length) fail(ex.MissingFormatArgumentException, "Format specifier '" + all + "'");
    const out = pad(convertOne(kind, list[i], flags, w, precision === undefined ? null : Number(precision)));
    return kind === kind.toUpperCase() ? out.toUpperCase() : out;
  });
};
