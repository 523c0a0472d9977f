// Instant and Date.

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
