// Bytes and character sets.

class Charset extends Obj {
  constructor(name) { super(); this.name = name; }
  $str() { return this.name; }
  static named(name) {
    const key = { UTF8: "UTF-8", LATIN1: "ISO-8859-1", ISO8859_1: "ISO-8859-1", ASCII: "US-ASCII" }[name.toUpperCase()] || name.toUpperCase();
    return charsets[key] || fail(ex.IllegalArgumentException, name);
  }
}
const charsets = {};
for (const name of ["UTF-8", "ISO-8859-1", "US-ASCII", "UTF-16", "UTF-16BE", "UTF-16LE"]) charsets[name] = new Charset(name);
j.Charset = Charset;
const charset = (cs) => {
  if (j.nn(cs) instanceof Charset) return cs.name;
  try { return Charset.named(cs).name; } catch (e) { return fail(ex.UnsupportedEncodingException, cs); }
};
const utf8 = (s) => {
  const out = [];
  for (let i = 0; i < s.length; i++) {
    let c = s.charCodeAt(i);
    if (c >= 0xd800 && c <= 0xdfff) {
      const d = s.charCodeAt(i + 1);
      if (c > 0xdbff || !(d >= 0xdc00 && d <= 0xdfff)) { out.push(63); continue; }
      c = s.codePointAt(i++);
    }
    if (c < 0x80) out.push(c);
    else if (c < 0x800) out.push(0xc0 | c >> 6, 0x80 | c & 63);
    else if (c < 0x10000) out.push(0xe0 | c >> 12, 0x80 | c >> 6 & 63, 0x80 | c & 63);
    else out.push(0xf0 | c >> 18, 0x80 | c >> 12 & 63, 0x80 | c >> 6 & 63, 0x80 | c & 63);
  }
  return Int8Array.from(out);
};
const fromUtf8 = (b) => {
  let out = "";
  for (let i = 0; i < b.length;) {
    const c = b[i++] & 255;
    if (c < 0x80) { out += String.fromCharCode(c); continue; }
    const n = c >= 0xc2 && c < 0xe0 ? 1 : c >= 0xe0 && c < 0xf0 ? 2 : c >= 0xf0 && c < 0xf5 ? 3 : 0;
    let v = n === 0 ? -1 : c & 0x3f >> n, k = 0;
    for (; k < n && i + k < b.length; k++) {
      const d = b[i + k] & 255, low = k > 0 ? 0x80 : c === 0xe0 ? 0xa0 : c === 0xf0 ? 0x90 : 0x80, high = k > 0 ? 0xbf : c === 0xed ? 0x9f : c === 0xf4 ? 0x8f : 0xbf;
      if (d < low || d > high) break;
      v = v << 6 | d & 63;
    }
    if (n === 0 || k < n) { out += "\ufffd"; i += k; continue; }
    i += n;
    out += String.fromCodePoint(v);
  }
  return out;
};
const wide = (s, little) => {
  const out = new Int8Array(s.length * 2);
  for (let i = 0; i < s.length; i++) { const c = s.charCodeAt(i); out[2 * i + (little ? 1 : 0)] = c >> 8; out[2 * i + (little ? 0 : 1)] = c; }
  return out;
};
const fromWide = (b, little) => {
  let out = "";
  for (let i = 0; i + 1 < b.length; i += 2) out += String.fromCharCode((b[i + (little ? 1 : 0)] & 255) << 8 | b[i + (little ? 0 : 1)] & 255);
  return b.length % 2 ? out + "\ufffd" : out;
};
const narrow = (s, most) => Int8Array.from(Array.from(s), (c) => (c.codePointAt(0) > most ? 63 : c.codePointAt(0)));
j.Bytes = {
  part: (b, from, n) => (from < 0 || n < 0 || from > j.nn(b).length - n ? fail(ex.StringIndexOutOfBoundsException, "offset " + from + ", count " + n + ", length " + b.length) : b.slice(from, from + n)),
  of(s, cs) {
    switch (charset(cs)) {
      case "ISO-8859-1": return narrow(s, 255);
      case "US-ASCII": return narrow(s, 127);
      case "UTF-16": { const b = wide("\ufeff" + s, false); return s === "" ? new Int8Array(0) : b; }
      case "UTF-16BE": return wide(s, false);
      case "UTF-16LE": return wide(s, true);
    }
    return utf8(s);
  },
  text(b, cs) {
    j.nn(b);
    switch (charset(cs)) {
      case "ISO-8859-1": return Array.from(b, (v) => String.fromCharCode(v & 255)).join("");
      case "US-ASCII": return Array.from(b, (v) => (v < 0 ? "\ufffd" : String.fromCharCode(v))).join("");
      case "UTF-16": return b[0] === -1 && b[1] === -2 ? fromWide(b.slice(2), true) : fromWide(b[0] === -2 && b[1] === -1 ? b.slice(2) : b, false);
      case "UTF-16BE": return fromWide(b, false);
      case "UTF-16LE": return fromWide(b, true);
    }
    return fromUtf8(b);
  },
};
buffer = (b) => Int8Array.from(b).buffer;
fromHex = (s) => new Int8Array(crypto.fromHex(s));
