// Regular expressions: Java's are written as JavaScript's. What JavaScript can't do is refused, never done wrongly. Flags
// are written out, since Java's fold ASCII letters alone and know other ends of lines, and characters are whole ones.

const posix = {
  Lower: "a-z", Upper: "A-Z", Alpha: "a-zA-Z", Digit: "0-9", Alnum: "a-zA-Z0-9", Punct: "!-\\/:-@\\[-`{-~", Space: " \\t\\n\\x0b\\f\\r",
  XDigit: "0-9A-Fa-f", Blank: " \\t", ASCII: "\\x00-\\x7f", L: j.Letters.L, N: j.Letters.N, IsAlphabetic: j.Letters.L + j.Letters.Alphabetic, IsDigit: j.Letters.Nd,
};
// What \d, \D, \w, \W, \s, \S and \h stand for, in this order.
const sets = [
  "0-9", "\\x00-\\x2f\\x3a-\\u{10ffff}", "a-zA-Z0-9_", "\\x00-\\x2f\\x3a-\\x40\\x5b-\\x5e\\x60\\x7b-\\u{10ffff}",
  "\\x09-\\x0d\\x20", "\\x00-\\x08\\x0e-\\x1f\\x21-\\u{10ffff}", " \\t\\xa0\\u1680\\u180e\\u2000-\\u200a\\u202f\\u205f\\u3000",
];
const points = { t: 9, n: 10, r: 13, f: 12, e: 27, a: 7 };
const any = "[\\x00-\\u{10ffff}]", end = "(?!" + any + ")", word = "[a-zA-Z0-9_]";
const lines = "(?:" + end + "|(?=(?:\\r\\n|[\\r\\u0085\\u2028\\u2029])" + end + ")|(?<!\\r)(?=\\n" + end + "))";
// What \A, \z, \Z, \R, \b and \B stand for, in this order.
const places = [
  "^", end, lines, "(?:\\r\\n|[\\n\\x0b\\f\\r\\u0085\\u2028\\u2029])",
  "(?:(?<=" + word + ")(?!" + word + ")|(?<!" + word + ")(?=" + word + "))", "(?:(?<=" + word + ")(?=" + word + ")|(?<!" + word + ")(?!" + word + "))",
];
const eachBegin = "(?=" + any + ")(?:^|(?<=[\\n\\u0085\\u2028\\u2029])|(?<=\\r)(?!\\n))";
const eachEnd = "(?:" + end + "|(?=[\\r\\u0085\\u2028\\u2029])|(?<!\\r)(?=\\n))";

const code = (c) => (c < 0x80 ? "\\x" + c.toString(16).padStart(2, "0") : "\\u" + (c > 0xffff ? "{" + c.toString(16) + "}" : c.toString(16).padStart(4, "0")));
// span writes the characters from one to another for brackets; fold adds the other case of ASCII letters.
const span = (from, to, fold) => {
  let out = code(from) + (from === to ? "" : "-" + code(to));
  for (const [a, z, by] of fold ? [[65, 90, 32], [97, 122, -32]] : []) {
    const low = Math.max(from, a), high = Math.min(to, z);
    if (low <= high) out += code(low + by) + "-" + code(high + by);
  }
  return out;
};

class Reader {
  constructor(p, flags) {
    this.p = p;
    this.i = 0;
    this.fold = (flags & 2) !== 0; this.multi = (flags & 8) !== 0; this.all = (flags & 32) !== 0;
    this.top = { up: null, alternatives: false, end: Infinity, loose: false };
    this.groups = [];
    this.uses = [];
  }
  bad(what) { fail(ex.PatternSyntaxException, what + ": " + this.p); }
  take(form) {
    const m = form.exec(this.p.slice(this.i));
    if (m !== null) this.i += m[0].length;
    return m;
  }
  point() {
    const c = this.p.codePointAt(this.i);
    if (c >= 0xd800 && c <= 0xdfff) this.bad("Half a character");
    this.i += c > 0xffff ? 2 : 1;
    return c;
  }
  one(c) { return this.fold && (c >= 65 && c <= 90 || c >= 97 && c <= 122) ? "[" + span(c, c, true) + "]" : code(c); }
  // escape reads what stands behind a backslash: a character, a set of them, a literal text, or what can stand outside of
  // brackets alone.
  escape() {
    if (++this.i >= this.p.length) this.bad("Unexpected internal error");
    const c = this.p[this.i];
    if (!/[A-Za-z0-9]/.test(c)) return { point: this.point() };
    this.i++;
    if (points[c] !== undefined) return { point: points[c] };
    const set = "dDwWsSh".indexOf(c), place = "AzZRbB".indexOf(c);
    if (set >= 0) return { set: sets[set] };
    if (place >= 0) return { out: places[place] };
    if (c === "p" || c === "P") return this.property(c === "P");
    if (c === "Q") {
      const stop = this.p.indexOf("\\E", this.i), text = this.p.slice(this.i, stop < 0 ? this.p.length : stop);
      this.i = stop < 0 ? this.p.length : stop + 2;
      return { text: [...text].map((s) => s.codePointAt(0)) };
    }
    const number = c === "u" ? this.take(/^[0-9a-f]{4}/i) : c === "x" ? this.take(/^[0-9a-f]{2}/i) : null;
    if (number !== null) return { point: this.pair(parseInt(number[0], 16)) };
    if (/[1-9]/.test(c) && !/[0-9]/.test(this.p[this.i] || "")) return this.use(Number(c), "\\" + c);
    const name = c === "k" ? this.take(/^<([A-Za-z][A-Za-z0-9]*)>/) : null;
    return name !== null ? this.use(this.number(name[1]), "\\" + this.number(name[1])) : this.bad("Illegal/unsupported escape sequence");
  }
  pair(c) {
    if (c < 0xd800 || c > 0xdfff) return c;
    const low = c < 0xdc00 ? this.take(/^\\u(d[c-f][0-9a-f]{2})/i) : null;
    return low === null ? this.bad("Half a character") : (c - 0xd800) * 0x400 + parseInt(low[1], 16) - 0xdc00 + 0x10000;
  }
  property(not) {
    const m = this.take(/^(?:\{(\w+)\}|(\w))/), set = m && posix[m[1] || m[2]];
    if (!set) this.bad("Unknown character property");
    if (this.fold && /^(?:Lower|Upper)$/.test(m[1])) this.bad("Cases without case aren't supported");
    return not ? { out: "[^" + set + "]" } : { set };
  }
  use(group, out) {
    if (this.fold) this.bad("References without case aren't supported");
    this.uses.push({ group, at: this.i });
    return { out };
  }
  number(name) { return this.groups.findIndex((g) => g.name === name) + 1; }
  // atom reads one piece between brackets: a character or a set.
  atom() {
    if (this.i >= this.p.length) this.bad("Unclosed character class");
    if (this.p[this.i] === "[" || this.p.startsWith("&&", this.i)) this.bad("Character classes within character classes aren't supported");
    if (this.p[this.i] !== "\\") return { point: this.point() };
    const e = this.escape();
    if (e.out !== undefined) this.bad("Illegal/unsupported escape sequence");
    return e.text ? { set: e.text.map((c) => span(c, c, this.fold)).join("") } : e;
  }
  brackets() {
    this.i++;
    let body = this.take(/^\^/) ? "[^" : "[";
    for (let first = true; first || this.p[this.i] !== "]"; first = false) {
      const from = this.atom();
      if (from.set !== undefined) { body += from.set; continue; }
      let to = from;
      if (this.p[this.i] === "-" && this.i + 1 < this.p.length && this.p[this.i + 1] !== "]") {
        this.i++;
        to = this.atom();
        if (to.point === undefined || to.point < from.point) this.bad("Illegal character range");
      }
      body += span(from.point, to.point, this.fold);
    }
    this.i++;
    return body + "]";
  }
  open() {
    const m = this.take(/^\((?:\?(:|=|!|<=|<!|<([A-Za-z][A-Za-z0-9]*)>))?/);
    if (m[1] === undefined && this.p[this.i] === "?") this.bad("Flags and atomic groups aren't supported");
    if (m[2] !== undefined && this.number(m[2]) > 0) this.bad("Named capturing group <" + m[2] + "> is already defined");
    this.top = { up: this.top, alternatives: false, end: Infinity, loose: m[1] === "!" || m[1] === "<!", name: m[2] };
    if (m[1] === undefined || m[2] !== undefined) this.groups.push(this.top);
    return m[2] === undefined ? m[0] : "("; // the engine loses names where a text isn't ASCII
  }
  close() {
    if (this.top.up === null) this.bad("Unmatched closing ')'");
    this.top.end = this.i++;
    if (/^(?:[?*]|\{0)/.test(this.p.slice(this.i))) this.top.loose = true;
    this.top = this.top.up;
    return ")";
  }
  // certain refuses a reference to a group that may have taken no part, which Java takes for a failure and JavaScript for
  // nothing.
  certain({ group, at }) {
    const no = () => this.bad("References to a group that may take no part aren't supported");
    let g = this.groups[group - 1];
    if (g === undefined || g.end >= at) no();
    for (; g.up !== null && g.end < at; g = g.up) if (g.loose || g.up.alternatives) no();
  }
  next() {
    const c = this.p[this.i];
    switch (c) {
      case "\\": {
        const e = this.escape();
        return e.out ?? (e.set !== undefined ? "[" + e.set + "]" : (e.text ?? [e.point]).map((x) => this.one(x)).join(""));
      }
      case "[": return this.brackets();
      case "(": return this.open();
      case ")": return this.close();
      case "|": this.i++; this.top.alternatives = true; return "|";
      case ".": this.i++; return this.all ? any : "[^\\n\\r\\u0085\\u2028\\u2029]";
      case "^": this.i++; return this.multi ? eachBegin : "^";
      case "$": this.i++; return this.multi ? eachEnd : lines;
      case "*": case "+": case "?": case "{": return this.quantifier();
    }
    return this.one(this.point());
  }
  quantifier() {
    const m = this.take(/^(?:[*+?]|\{\d+(?:,\d*)?\})(\+|\??)/);
    if (m === null) this.bad("Illegal repetition");
    if (m[1] === "+") this.bad("Possessive quantifiers aren't supported");
    return m[0];
  }
  read() {
    const lead = this.take(/^\(\?([ims]+)\)/);
    for (const f of lead ? lead[1] : "") this[{ i: "fold", m: "multi", s: "all" }[f]] = true;
    let out = "";
    while (this.i < this.p.length) out += this.next();
    if (this.top.up !== null) this.bad("Unclosed group");
    for (const use of this.uses) this.certain(use);
    return out;
  }
}
// An empty pattern stands between the halves of a character too, as in Java.
j.translate = (p, flags) => {
  const reader = new Reader(p, flags), out = reader.read();
  try { return { re: new RegExp(out, out === "" ? "g" : "gu"), groups: reader.groups.length, number: (name) => reader.number(name) }; } catch (e) { return reader.bad("The pattern can't be read"); }
};
