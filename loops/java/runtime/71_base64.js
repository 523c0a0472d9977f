// Base64.

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
    if (t.length === 1 && (this.kind !== "mime" || t !== "=")) fail(ex.IllegalArgumentException, "Input byte[] should at least have 2 bytes for base64 bytes");
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
