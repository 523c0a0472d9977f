// BigInteger.

class Big extends Obj {
  constructor(v) { super(); this.v = v; }
  static parse(s, radix) {
    const m = /^[+-]?[0-9a-zA-Z]{1,2000}$/.test(j.nn(s));
    return m ? new Big(j.Num.whole(s, radix)) : fail(ex.NumberFormatException, s === "" ? "Zero length BigInteger" : 'For input string: "' + s + '"');
  }
  static ofBytes(sign, b) {
    let v = 0n;
    for (const x of j.nn(b)) v = v << 8n | BigInt(x & 255);
    if (sign === null) return new Big(b.length === 0 ? fail(ex.NumberFormatException, "Zero length BigInteger") : BigInt.asIntN(b.length * 8, v));
    if (sign < -1 || sign > 1) fail(ex.NumberFormatException, "Invalid signum value");
    if (sign === 0 && v !== 0n) fail(ex.NumberFormatException, "signum-magnitude mismatch");
    return new Big(sign < 0 ? -v : v);
  }
  $over(o, f) { return new Big(f(this.v, j.nn(o).v)); }
  add(o) { return this.$over(o, (a, b) => a + b); }
  subtract(o) { return this.$over(o, (a, b) => a - b); }
  multiply(o) { return this.$over(o, (a, b) => a * b); }
  divide(o) { return this.$over(o, (a, b) => (b === 0n ? fail(ex.ArithmeticException, "BigInteger divide by zero") : a / b)); }
  remainder(o) { return this.$over(o, (a, b) => (b === 0n ? fail(ex.ArithmeticException, "BigInteger divide by zero") : a % b)); }
  mod(o) { return this.$over(o, (a, b) => (b <= 0n ? fail(ex.ArithmeticException, "BigInteger: modulus not positive") : (a % b + b) % b)); }
  pow(n) {
    if (n < 0) fail(ex.ArithmeticException, "Negative exponent");
    if (n * this.bitLength() > 100000) fail(ex.ArithmeticException, "BigInteger would overflow supported range");
    return new Big(this.v ** BigInt(n));
  }
  negate() { return new Big(-this.v); }
  abs() { return new Big(this.v < 0n ? -this.v : this.v); }
  signum() { return j.compare(this.v, 0n); }
  bitLength() { const v = this.v < 0n ? ~this.v : this.v; return v === 0n ? 0 : v.toString(2).length; }
  shift(n) {
    if (n > 100000) fail(ex.ArithmeticException, "BigInteger would overflow supported range");
    return new Big(n >= 0 ? this.v << BigInt(n) : this.v >> BigInt(-n));
  }
  toByteArray() {
    const n = Math.floor(this.bitLength() / 8) + 1, out = new Int8Array(n);
    for (let i = 0, v = this.v; i < n; i++, v >>= 8n) out[n - 1 - i] = Number(BigInt.asIntN(8, v));
    return out;
  }
  $eq(o) { return o instanceof Big && o.v === this.v; }
  $hash() {
    let h = 0;
    const hex = this.abs().v.toString(16);
    if (this.v === 0n) return 0;
    for (const part of hex.padStart(Math.ceil(hex.length / 8) * 8, "0").match(/.{8}/g)) h = Math.imul(h, 31) + parseInt(part, 16) | 0;
    return Math.imul(h, this.signum());
  }
  $cmp(o) { return j.compare(this.v, o.v); }
  $str() { return this.v.toString(); }
}
Big.$name = "java.math.BigInteger";
j.Big = Big;
j.hexOf = (b, upper) => {
  const s = crypto.hex(buffer(j.nn(b)));
  return upper ? s.toUpperCase() : s;
};
j.ofHex = (s) => (/^([0-9a-fA-F]{2})*$/.test(j.nn(s)) ? fromHex(s) : fail(ex.IllegalArgumentException, "found: " + s.length + " characters, or one that is no hexadecimal digit"));
