// Bytes: character sets, Base64, digests, URLs, UUID, random numbers, Instant.

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
const buffer = (b) => Int8Array.from(b).buffer;
const fromHex = (s) => new Int8Array(crypto.fromHex(s));

j.Encoder = class extends Obj {
  constructor(kind, pad = true) { super(); this.kind = kind; this.pad = pad; }
  withoutPadding() { return new j.Encoder(this.kind, false); }
  encodeToString(b) {
    let s = crypto.base64(buffer(j.nn(b)));
    if (this.kind === "url") s = s.replace(/\+/g, "-").replace(/\//g, "_");
    if (!this.pad) s = s.replace(/=+$/, "");
    return this.kind === "mime" ? s.replace(/(.{76})(?=.)/g, "$1\r\n") : s;
  }
};
j.Decoder = class extends Obj {
  constructor(kind) { super(); this.kind = kind; }
  decode(s) {
    let t = j.nn(s);
    if (this.kind === "mime") t = t.replace(/[^A-Za-z0-9+/=]/g, "");
    const form = this.kind === "url" ? /^[A-Za-z0-9_-]*={0,2}$/ : /^[A-Za-z0-9+/]*={0,2}$/;
    const bare = t.replace(/=+$/, "");
    if (!form.test(t)) {
      const bad = t.search(this.kind === "url" ? /[^A-Za-z0-9_-]/ : /[^A-Za-z0-9+/]/);
      fail(ex.IllegalArgumentException, t[bad] === "=" ? "Input byte array has incorrect ending byte at " + bad : "Illegal base64 character " + t.charCodeAt(bad).toString(16));
    }
    if (bare.length % 4 === 1) fail(ex.IllegalArgumentException, "Last unit does not have enough valid bits");
    if (t !== bare && t.length % 4 !== 0) fail(ex.IllegalArgumentException, "Input byte array has wrong 4-byte ending unit");
    return new Int8Array(crypto.fromBase64(lowBits(bare)));
  }
};
// lowBits clears the bits that a last character has too many, which Java passes over.
const lowBits = (s) => {
  const abc = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  const r = s.length % 4;
  if (r === 0) return s;
  const last = s[s.length - 1].replace("-", "+").replace("_", "/");
  return s.slice(0, -1) + abc[abc.indexOf(last) & (r === 2 ? 48 : 60)];
};

const algorithms = { MD5: "md5", "SHA-1": "sha1", SHA1: "sha1", SHA: "sha1", "SHA-256": "sha256", "SHA-512": "sha512" };
const joined = (list) => {
  const out = new Int8Array(list.reduce((n, b) => n + b.length, 0));
  let i = 0;
  for (const b of list) { out.set(b, i); i += b.length; }
  return out;
};
j.Digest = class extends Obj {
  constructor(name) {
    super();
    this.name = name;
    this.algorithm = algorithms[j.nn(name).toUpperCase()] || fail(ex.NoSuchAlgorithmException, name + " MessageDigest not available");
    this.parts = [];
  }
  update(b) { this.parts.push(j.nn(b).slice()); return this; }
  digest() { const b = joined(this.parts); this.parts = []; return fromHex(crypto.hash(this.algorithm, b.buffer)); }
  reset() { this.parts = []; }
  getDigestLength() { return { md5: 16, sha1: 20, sha256: 32, sha512: 64 }[this.algorithm]; }
};
j.Secret = class extends Obj {
  constructor(b, name) {
    super();
    if (b.length === 0) fail(ex.IllegalArgumentException, "Empty key");
    this.b = b.slice();
    this.name = name;
  }
};
j.Mac = class extends Obj {
  constructor(name) {
    super();
    const m = /^HMAC(MD5|SHA1|SHA256|SHA512)$/.exec(j.nn(name).toUpperCase());
    this.algorithm = m ? m[1].toLowerCase() : fail(ex.NoSuchAlgorithmException, "Algorithm " + name + " not available");
    this.key = null;
    this.parts = [];
  }
  init(key) { this.key = j.nn(key).b; this.parts = []; }
  update(b) { if (b !== null) this.parts.push(b.slice()); return this; }
  doFinal() {
    if (this.key === null) fail(ex.IllegalStateException, "MAC not initialized");
    const b = joined(this.parts);
    this.parts = [];
    return fromHex(crypto.hmac(this.algorithm, buffer(this.key), b.buffer));
  }
  reset() { this.parts = []; }
};

j.Url = {
  encode: (s, cs) => Array.from(s).map((c) => (/[A-Za-z0-9.*_-]/.test(c) ? c : c === " " ? "+"
    : Array.from(j.Bytes.of(c, cs), (b) => "%" + (b & 255).toString(16).toUpperCase().padStart(2, "0")).join(""))).join(""),
  decode(s, cs) {
    return s.replace(/\+/g, " ").replace(/(%[0-9a-fA-F]{2})+|%.{0,2}/gs, (run) => {
      if (!/^(%[0-9a-fA-F]{2})+$/.test(run)) {
        fail(ex.IllegalArgumentException, run.length < 3 ? "URLDecoder: Incomplete trailing escape (%) pattern"
          : 'URLDecoder: Illegal hex characters in escape (%) pattern - Error at index 0 in: "' + run.slice(1) + '"');
      }
      return j.Bytes.text(fromHex(run.replace(/%/g, "")), cs);
    });
  },
};
j.UUID = class extends Obj {
  constructor(s) { super(); this.s = s; }
  static parse(s) {
    const parts = j.nn(s).split("-");
    if (parts.length !== 5 || parts.some((p) => !/^[0-9a-fA-F]+$/.test(p))) fail(ex.IllegalArgumentException, "Invalid UUID string: " + s);
    const sizes = [8, 4, 4, 4, 12];
    return new j.UUID(parts.map((p, i) => p.toLowerCase().padStart(sizes[i], "0").slice(-sizes[i])).join("-"));
  }
  static named(b) {
    const d = fromHex(crypto.hash("md5", buffer(j.nn(b))));
    d[6] = d[6] & 15 | 48;
    d[8] = d[8] & 63 | 128;
    const h = crypto.hex(d.buffer);
    return new j.UUID([h.slice(0, 8), h.slice(8, 12), h.slice(12, 16), h.slice(16, 20), h.slice(20)].join("-"));
  }
  $eq(o) { return o instanceof j.UUID && o.s === this.s; }
  $hash() {
    const h = this.s.replace(/-/g, ""), v = BigInt("0x" + h.slice(0, 16)) ^ BigInt("0x" + h.slice(16));
    return Number(BigInt.asIntN(32, v >> 32n ^ v));
  }
  $cmp(o) {
    const half = (u, i) => BigInt.asIntN(64, BigInt("0x" + u.s.replace(/-/g, "").slice(i * 16, i * 16 + 16)));
    return j.compare(half(this, 0), half(o, 0)) || j.compare(half(this, 1), half(o, 1));
  }
  $str() { return this.s; }
};
// All random numbers are the step's own, which nobody can foretell; a seed has no use.
j.Random = class extends Obj {
  nextInt() { return Math.floor(Math.random() * 4294967296) | 0; }
  below(n) { return n <= 0 ? fail(ex.IllegalArgumentException, "bound must be positive") : Math.floor(Math.random() * n); }
  between(a, b) { return a >= b ? fail(ex.IllegalArgumentException, "bound must be greater than origin") : a + Math.floor(Math.random() * (b - a)); }
  nextLong() { return BigInt.asIntN(64, BigInt(this.nextInt() >>> 0) << 32n | BigInt(this.nextInt() >>> 0)); }
  nextBoolean() { return Math.random() < 0.5; }
  nextBytes(b) { for (let i = 0; i < j.nn(b).length; i++) b[i] = Math.floor(Math.random() * 256); }
};
j.Instant = class extends Obj {
  constructor(ms) { super(); this.ms = ms; }
  static parse(s) {
    const m = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,3})?Z$/.test(s) ? Date.parse(s) : NaN;
    return m === m ? new j.Instant(BigInt(m)) : fail(ex.DateTimeParseException, "Text '" + s + "' could not be parsed at index 0");
  }
  getEpochSecond() { return j.Num.lfloorDiv(this.ms, 1000n); }
  getNano() { return Number(j.Num.lfloorMod(this.ms, 1000n)) * 1000000; }
  $eq(o) { return o instanceof j.Instant && o.ms === this.ms; }
  $hash() { return j.hash(this.ms); }
  $cmp(o) { return j.compare(this.ms, o.ms); }
  $str() { return new Date(Number(this.ms)).toISOString().replace(".000Z", "Z"); }
};
