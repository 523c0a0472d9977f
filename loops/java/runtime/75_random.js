// All random numbers are the step's own, which nobody can foretell; a seed has no use.
j.Random = class extends Obj {
  nextInt() { return Math.floor(Math.random() * 4294967296) | 0; }
  below(n) { return n <= 0 ? fail(ex.IllegalArgumentException, "bound must be positive") : Math.floor(Math.random() * n); }
  between(a, b) { return a >= b ? fail(ex.IllegalArgumentException, "bound must be greater than origin") : a + Math.floor(Math.random() * (b - a)); }
  nextLong() { return BigInt.asIntN(64, BigInt(this.nextInt() >>> 0) << 32n | BigInt(this.nextInt() >>> 0)); }
  nextBoolean() { return Math.random() < 0.5; }
  nextBytes(b) { for (let i = 0; i < j.nn(b).length; i++) b[i] = Math.floor(Math.random() * 256); }
};
