// IntSummaryStatistics and those of long and double.

j.Statistics = class extends Obj {
  constructor(kind) { super(); this.kind = kind; this.a = []; }
  accept(v) { this.a.push(v); }
  $add(o) { this.a.push(...o.a); }
  getCount() { return BigInt(this.a.length); }
  getSum() { return this.kind === "Double" ? j.Stream.total(this.a) : j.wrap(this.a.reduce((x, y) => x + BigInt(y), 0n)); }
  $best(f, none) { return this.a.length === 0 ? none : this.a.reduce((x, y) => (f(y, x) ? y : x)); }
  getMin() { return this.$best((y, x) => y < x || y !== y, { Int: 2147483647, Long: 9223372036854775807n, Double: Infinity }[this.kind]); }
  getMax() { return this.$best((y, x) => y > x || y !== y, { Int: -2147483648, Long: -9223372036854775808n, Double: -Infinity }[this.kind]); }
  getAverage() { return this.a.length === 0 ? 0 : Number(this.getSum()) / this.a.length; }
  $str() {
    const number = (v) => (this.kind === "Double" ? j.format("%f", [j.D(v)]) : "" + v);
    return this.kind + "SummaryStatistics{count=" + this.a.length + ", sum=" + number(this.getSum()) + ", min=" + number(this.getMin()) + ", average=" + j.format("%f", [j.D(this.getAverage())]) + ", max=" + number(this.getMax()) + "}";
  }
};
