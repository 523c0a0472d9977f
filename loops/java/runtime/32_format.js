// String.format.

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
const endless = (d, flags) => (d !== d ? "NaN" : signed(d < 0, flags) + "Infinity");
const formats = {
  d(v, flags, width) {
    if (typeof v !== "number" && typeof v !== "bigint" && !(v instanceof S) && !(v instanceof B) && typeof v.v !== "bigint") badKind("d", v);
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
    else if (typeof v.v === "bigint") return padded(signed(v.v < 0n, flags), v.abs().v.toString(radix), flags, width);
    else badKind(kind, v);
    return padded(flags.includes("#") ? { 16: "0x", 8: "0" }[radix] : "", v.toString(radix), flags, width);
  },
  f(v, flags, width, precision) {
    if (!(v instanceof D) && !(v instanceof F)) badKind("f", v);
    const d = v.v;
    if (!Number.isFinite(d)) return endless(d, flags);
    let [int, fraction] = exactly(d, precision === null ? 6 : precision);
    if (flags.includes(",")) int = group(int);
    return padded(signed(d < 0 || Object.is(d, -0), flags), int + fraction, flags, width);
  },
  e(v, flags, width, precision) {
    if (!(v instanceof D) && !(v instanceof F)) badKind("e", v);
    if (!Number.isFinite(v.v)) return endless(v.v, flags);
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
