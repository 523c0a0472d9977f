// Pattern and Matcher.

class Pattern extends Obj {
  constructor(source, flags) { super(); this.source = j.nn(source); this.flags = flags; const made = j.translate(source, flags); this.re = made.re; this.groups = made.groups; this.number = made.number; this.made = Object.create(null); }
  matcher(text) { return new Matcher(this, text); }
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
  constructor(p, text) { super(); this.p = p; this.text = text; this.at = 0; this.m = null; }
  $run(source, flags, at) {
    const re = this.p.made[source] ??= new RegExp(source, this.p.re.flags.replace("g", "") + flags);
    re.lastIndex = at;
    return re.exec(this.text);
  }
  find() {
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
  matches() { this.m = this.$run("^(?:" + this.p.re.source + ")(?!" + (this.p.re.unicode ? "[\\x00-\\u{10ffff}]" : "[^]") + ")", "", 0); return this.m !== null; }
  lookingAt() { this.m = this.$run(this.p.re.source, "y", 0); return this.m !== null; }
  $match() { return this.m === null ? fail(ex.IllegalStateException, "No match found") : this.m; }
  group(i) { const m = this.$match(); if (i < 0 || i >= m.length) fail(ex.IndexOutOfBoundsException, "No group " + i); return m[i] === undefined ? null : m[i]; }
  named(name) {
    this.$match();
    return this.p.number(name) > 0 ? this.group(this.p.number(name)) : fail(ex.IllegalArgumentException, "No group with name <" + name + ">");
  }
  groupCount() { return this.p.groups; }
  start() { return this.$match().index; }
  end() { const m = this.$match(); return m.index + m[0].length; }
  reset() { this.at = 0; this.m = null; return this; }
  replace(by, all) {
    this.reset();
    let out = "", at = 0;
    while (this.find()) {
      out += this.text.slice(at, this.m.index) + this.$expand(j.nn(by));
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
      if (name) { out += this.named(name[1]) ?? ""; i += name[0].length; continue; }
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
