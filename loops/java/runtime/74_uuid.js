// UUID.

j.UUID = class extends Obj {
  constructor(s) { super(); this.s = s; }
  static parse(s) {
    const parts = j.nn(s).split("-");
    if (parts.length !== 5 || parts.some((p) => !/^[0-9a-fA-F]+$/.test(p))) fail(ex.IllegalArgumentException, "Invalid UUID string: " + s);
    const sizes = [8, 4, 4, 4, 12];
    return new j.UUID(parts.map((p, i) => p.toLowerCase().padStart(sizes[i], "0").slice(-sizes[i])).join("-"));
  }
  static of(a, b) {
    const h = [a, b].map((v) => BigInt.asUintN(64, v).toString(16).padStart(16, "0")).join("");
    return new j.UUID([h.slice(0, 8), h.slice(8, 12), h.slice(12, 16), h.slice(16, 20), h.slice(20)].join("-"));
  }
  half(i) { return BigInt.asIntN(64, BigInt("0x" + this.s.replace(/-/g, "").slice(i * 16, i * 16 + 16))); }
  version() { return parseInt(this.s[14], 16); }
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
