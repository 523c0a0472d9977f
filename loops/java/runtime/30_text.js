// Texts: String, StringBuilder.

const noIndex = (i, n) => fail(ex.StringIndexOutOfBoundsException, "index " + i + ", length " + n);
// Java tells a bad index in other words where the text has characters beyond Latin-1.
const badAt = (s, i) => (/[^\0-\xff]/.test(s) ? noIndex(i, s.length) : fail(ex.StringIndexOutOfBoundsException, "String index out of range: " + i));
j.charAt = (s, i) => (i < 0 || i >= s.length ? badAt(s, i) : s.charCodeAt(i));
j.sub = (s, from, to) => {
  const end = to === null ? s.length : to;
  if (from < 0 || end > s.length || from > end) fail(ex.StringIndexOutOfBoundsException, "begin " + from + ", end " + end + ", length " + s.length);
  return s.substring(from, end);
};
blank = (c) => c === 32 || c >= 9 && c <= 13 || c >= 28 && c <= 31 || c === 0x1680 || c >= 0x2000 && c <= 0x200a && c !== 0x2007 ||
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
  fold: (s) => (/^[\0-\x7f]*$/.test(s) ? s.toLowerCase() : Array.from(s, (c) => {
    const up = c.toUpperCase(), one = up.length === c.length ? up : c, low = one.toLowerCase();
    return low.length === one.length ? low : one;
  }).join("")),
  // Java compares by code points where both texts have characters beyond Latin-1, else by units.
  compareFolded(a, b) {
    const wide = /[^\0-\xff]/;
    if (!wide.test(a) || !wide.test(b)) return compareText(j.Str.fold(a), j.Str.fold(b));
    const x = Array.from(j.Str.fold(a)), y = Array.from(j.Str.fold(b));
    for (let i = 0; i < x.length && i < y.length; i++) if (x[i] !== y[i]) return x[i].codePointAt(0) - y[i].codePointAt(0);
    return a.length - b.length;
  },
  region(s, loose, i, t, k, n) {
    if (i < 0 || k < 0 || i > s.length - n || k > t.length - n) return false;
    const a = s.substring(i, i + n), b = t.substring(k, k + n);
    return n <= 0 || (loose ? j.Str.same(a, b) : a === b);
  },
  points: (s) => Int32Array.from(Array.from(s), (c) => c.codePointAt(0)),
  between: (s, from, to) => (from < 0 || to > s.length || from > to ? fail(ex.IndexOutOfBoundsException, "start " + from + ", end " + to + ", length " + s.length) : s.substring(from, to)),
  indexOfPoint: (s, c, from) => (c < 0 || c > 0x10ffff ? -1 : s.indexOf(String.fromCodePoint(c), from)),
  same: (a, b) => b !== null && a.length === b.length && j.Str.fold(a) === j.Str.fold(b),
  compare: compareText,
  trim: (s) => cut(s, (c) => c <= 32, true, true),
  strip: (s) => cut(s, blank, true, true),
  stripLeading: (s) => cut(s, blank, true, false),
  stripTrailing: (s) => cut(s, blank, false, true),
  repeat: (s, n) => (n < 0 ? fail(ex.IllegalArgumentException, "count is negative: " + n) : s.repeat(n)),
  replace: (s, from, to) => (from === "" ? to + s.split("").map((c) => c + to).join("") : s.split(from).join(to)),
  lines(s) { const out = s.split(/\r\n|\r|\n/); if (out[out.length - 1] === "") out.pop(); return out; },
  join: (by, list) => Array.from(j.nn(list), j.str).join(j.str(j.nn(by))),
};

j.StringBuilder = class extends Obj {
  // Pieces are joined when somebody asks, since a text that grows piece by piece would be copied each time.
  constructor(s) { super(); this.parts = [s]; }
  get s() { if (this.parts.length > 1) this.parts = [this.parts.join("")]; return this.parts[0]; }
  set s(s) { this.parts = [s]; }
  static sized(n) { return n < 0 ? fail(ex.NegativeArraySizeException, "" + n) : new j.StringBuilder(""); }
  at(i) { return i < 0 || i >= this.s.length ? noIndex(i, this.s.length) : this.s.charCodeAt(i); }
  part(from, to = this.s.length) {
    if (from < 0 || to > this.s.length || from > to) fail(ex.StringIndexOutOfBoundsException, "start " + from + ", end " + to + ", length " + this.s.length);
    return this.s.substring(from, to);
  }
  add(s) { this.parts.push(s); return this; }
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
    if (a < 0 || a > end) fail(ex.StringIndexOutOfBoundsException, "start " + a + ", end " + end + ", length " + this.s.length);
    this.s = this.s.slice(0, a) + s + this.s.slice(end);
    return this;
  }
  setCharAt(i, c) {
    if (i < 0 || i >= this.s.length) noIndex(i, this.s.length);
    this.s = this.s.slice(0, i) + String.fromCharCode(c) + this.s.slice(i + 1);
  }
  setLength(n) { if (n < 0) fail(ex.StringIndexOutOfBoundsException, "String index out of range: " + n); this.s = this.s.slice(0, n).padEnd(n, "\0"); }
  $cmp(o) { return compareText(this.s, o.s); }
  $str() { return this.s; }
};
j.StringBuilder.$name = "java.lang.StringBuilder";
j.StringJoiner = class extends Obj {
  constructor(by, head, tail) { super(); this.by = by; this.head = head; this.tail = tail; this.list = []; this.none = null; }
  empty(s) { this.none = s; return this; }
  merge(o) { if (o.list.length > 0) this.list.push(o.list.join(o.by)); return this; }
  add(s) { this.list.push(s); return this; }
  $str() { return this.list.length === 0 && this.none !== null ? this.none : this.head + this.list.join(this.by) + this.tail; }
};
