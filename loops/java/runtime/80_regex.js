// Pattern and Matcher.

class Pattern extends Obj {
  constructor(source, flags) { super(); this.source = j.nn(source); this.flags = flags; const made = j.translate(source, flags); this.re = made.re; this.groups = made.groups; this.number = made.number; this.made = Object.create(null); }
  matcher(text) { return new Matcher(this, text); }
  asMatchPredicate() { return (s) => this.matcher(j.nn(s)).matches(); }
  asPredicate() { return (s) => this.matcher(j.nn(s)).find(); }
  split(text, limit) {
    const out = [], m = this.matcher(text);
    let at = 0;
    while ((limit <= 0 || out.length < limit - 1) && m.find()) {
      if (at === 0 && m.m.index === 0 && m.end() === 0) continue;
      out.push(text.slice(at, m.m.index));
      at = m.end();
    }
    if (at === 0 && out.length === 0) return [text];
    out.push(text.slice(at));
    while (limit === 0 && out.length > 0 && out[out.length - 1] === "") out.pop();
    return out;
  }
  $str() { return this.source; }
}
class Matcher extends Obj {
  constructor(p, text) { super(); this.p = p; this.text = text; this.at = 0; this.m = null; this.whole = false; this.done = 0; }
  $run(source, flags, at) {
    const re = this.p.made[source] ??= new RegExp(source, this.p.re.flags.replace("g", "") + flags);
    re.lastIndex = at;
    return re.exec(this.text);
  }
  find() {
    this.whole = false;
    if (this.$within(this.at)) this.at++;
    if (this.at > this.text.length) { this.m = null; return false; }
    this.p.re.lastIndex = this.at;
    this.m = this.p.re.exec(this.text);
    if (this.m === null) { this.at = this.text.length + 1; return false; }
    this.at = this.m.index + this.m[0].length + (this.m[0] === "" ? 1 : 0);
    return true;
  }
  // $within reports whether a place is in the middle of a character of two units, where the engine finds nothing.
  $within(i) {
    return this.p.re.unicode && i > 0 && i < this.text.length && this.text.codePointAt(i - 1) > 0xffff;
  }
  findFrom(i) {
    if (i < 0 || i > this.text.length) fail(ex.IndexOutOfBoundsException, "Illegal start index");
    this.at = i;
    return this.find();
  }
  matches() { this.whole = true; this.m = this.$run("^(?:" + this.p.re.source + ")(?!" + (this.p.re.unicode ? "[\\x00-\\u{10ffff}]" : "[^]") + ")", "", 0); return this.m !== null; }
  lookingAt() { this.whole = false; this.m = this.$run(this.p.re.source, "y", 0); return this.m !== null; }
  $match() { return this.m === null ? fail(ex.IllegalStateException, "No match found") : this.m; }
  group(i) { const m = this.$match(); if (i < 0 || i >= m.length) fail(ex.IndexOutOfBoundsException, "No group " + i); return m[i] === undefined ? null : m[i]; }
  $number(name, shown = "<" + name + ">") {
    this.$match();
    return this.p.number(name) || fail(ex.IllegalArgumentException, "No group with name " + shown);
  }
  named(name, shown) { return this.group(this.$number(name, shown)); }
  groupCount() { return this.p.groups; }
  start(i = 0) { return i === 0 ? this.$match().index : this.group(i) === null ? -1 : j.groupStart(this, i); }
  end(i = 0) { const s = this.start(i); return s < 0 ? -1 : s + this.group(i).length; }
  startNamed(name) { return this.start(this.$number(name)); }
  endNamed(name) { return this.end(this.$number(name)); }
  reset() { this.at = 0; this.m = null; this.done = 0; return this; }
  resetTo(text) { this.text = text; return this.reset(); }
  copy() { const out = new Matcher(this.p, this.text); out.m = this.$match(); out.whole = this.whole; return out; }
  all() { const out = []; this.reset(); while (this.find()) out.push(this.copy()); return out; }
  appendTo(out, by) {
    const m = this.$match();
    out.add(this.text.slice(this.done, m.index) + this.$expand(by));
    this.done = m.index + m[0].length;
    return this;
  }
  appendRest(out) { return out.add(this.text.slice(this.done)); }
  replaceBy(f, all) { return this.replace(null, all, f); }
  replace(by, all, f = null) {
    this.reset();
    let out = "", at = 0;
    while (this.find()) {
      out += this.text.slice(at, this.m.index) + this.$expand(j.nn(f === null ? by : f(this)));
      at = this.m.index + this.m[0].length;
      if (!all) break;
    }
    return out + this.text.slice(at);
  }
  $expand(by) {
    let out = "";
    for (let i = 0; i < by.length; i++) {
      if (by[i] === "\\") { if (++i >= by.length) fail(ex.IllegalArgumentException, "character to be escaped is missing"); out += by[i]; continue; }
      if (by[i] !== "$") { out += by[i]; continue; }
      const name = /^\{([A-Za-z]\w*)\}/.exec(by.slice(i + 1));
      if (name) { out += this.named(name[1], "{" + name[1] + "}") ?? ""; i += name[0].length; continue; }
      if (i + 1 === by.length) fail(ex.IllegalArgumentException, "Illegal group reference: group index is missing");
      if (!/[0-9]/.test(by[i + 1] || "")) fail(ex.IllegalArgumentException, "Illegal group reference");
      let n = Number(by[++i]);
      while (/[0-9]/.test(by[i + 1] || "") && n * 10 + Number(by[i + 1]) < this.m.length) n = n * 10 + Number(by[++i]);
      out += this.group(n) ?? "";
    }
    return out;
  }
}
j.Regex = {
  compile: (p, flags) => new Pattern(p, flags),
  matches: (p, s) => new Pattern(p, 0).matcher(s).matches(),
  replace: (s, p, by, all) => new Pattern(p, 0).matcher(s).replace(by, all),
  split: (p, s, limit) => new Pattern(p, 0).split(s, limit),
  quote: (s) => "\\Q" + s.replace(/\\E/g, "\\E\\\\E\\Q") + "\\E",
};
