// MessageDigest and Mac.

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
    this.name = name;
    this.key = null;
    this.parts = [];
  }
  length() { return { md5: 16, sha1: 20, sha256: 32, sha512: 64 }[this.algorithm]; }
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
