// Instant and Date.

j.Instant = class extends Obj {
  constructor(ms) { super(); this.ms = ms; }
  static parse(s) {
    // Date.parse takes the 30th of February for the 1st of March; a day that ends at 24:00:00 is the one that moves.
    const form = /^(\d{4}-\d{2}-\d{2})T(\d{2}:\d{2}:\d{2})(\.\d{1,3})?Z$/i.exec(s), m = form === null ? NaN : Date.parse(s.toUpperCase());
    const last = form !== null && form[2] === "24:00:00", told = m === m ? new Date(last ? m - 1 : m).toISOString() : "";
    const real = form !== null && (last ? told.startsWith(form[1]) && m % 86400000 === 0 : told.startsWith(form[1] + "T" + form[2]));
    return real ? new j.Instant(BigInt(m)) : fail(ex.DateTimeParseException, "Text '" + s + "' could not be parsed at index 0");
  }
  getEpochSecond() { return j.Num.lfloorDiv(this.ms, 1000n); }
  getNano() { return Number(j.Num.lfloorMod(this.ms, 1000n)) * 1000000; }
  $eq(o) { return o instanceof j.Instant && o.ms === this.ms; }
  $hash() { return j.hash(this.ms); }
  $cmp(o) { return j.compare(this.ms, o.ms); }
  $str() { return new Date(Number(this.ms)).toISOString().replace(".000Z", "Z"); }
};
