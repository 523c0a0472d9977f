// Regular expressions: Java's are written as JavaScript's. What JavaScript can't do is refused, never done wrongly.

const posix = { Lower: "a-z", Upper: "A-Z", Alpha: "a-zA-Z", Digit: "0-9", Alnum: "a-zA-Z0-9", Punct: "!-\\/:-@\\[-`{-~", Space: " \\t\\n\\x0b\\f\\r", XDigit: "0-9a-fA-F", Blank: " \\t", ASCII: "\\x00-\\x7f",
  L: "A-Za-z\\u00aa\\u00b5\\u00ba\\u00c0-\\u00d6\\u00d8-\\u00f6\\u00f8-\\u02c1\\u0370-\\u0373\\u0376\\u0377\\u037b-\\u037d\\u037f\\u0386\\u0388-\\u03ff\\u0400-\\u0481\\u048a-\\u052f", N: "0-9", IsAlphabetic: "A-Za-z\\u00c0-\\u00d6\\u00d8-\\u00f6\\u00f8-\\u02c1\\u0370-\\u03ff\\u0400-\\u0481\\u048a-\\u052f", IsDigit: "0-9" };
const badPattern = (p, what) => fail(ex.PatternSyntaxException, what + ": " + p);
const space = " \\t\\n\\x0b\\f\\r";
// classOf writes what \d, \s, \p{..} mean inside brackets.
const shorthand = (p, c, name) => {
  if (c === "s") return space;
  if (c === "h") return " \\t\\xa0\\u1680\\u180e\\u2000-\\u200a\\u202f\\u205f\\u3000";
  if (c === "p" && posix[name]) return posix[name];
  return null;
};
const translate = (p, flags) => {
  let out = "", i = 0, depth = 0, js = (flags & 2 ? "i" : "") + (flags & 8 ? "m" : "") + (flags & 32 ? "s" : "");
  const lead = /^\(\?([ims]+)\)/.exec(p);
  if (lead) { i = lead[0].length; for (const f of lead[1]) if (!js.includes(f)) js += f; }
  const escape = (inside) => {
    const c = p[++i];
    if (c === undefined) badPattern(p, "Unexpected internal error");
    i++;
    if (c === "p" || c === "P") {
      const m = /^(?:\{(\w+)\}|(\w))/.exec(p.slice(i));
      const body = m && shorthand(p, "p", m[1] || m[2]);
      if (!body || c === "P" && inside) badPattern(p, "Unknown character property");
      i += m[0].length;
      return inside ? body : (c === "P" ? "[^" : "[") + body + "]";
    }
    if (c === "Q") {
      const stop = p.indexOf("\\E", i), text = stop < 0 ? p.slice(i) : p.slice(i, stop);
      i = stop < 0 ? p.length : stop + 2;
      return text.replace(/[\\^$.*+?()[\]{}|\-/]/g, "\\$&");
    }
    if (c === "s" || c === "h") return inside ? shorthand(p, c) : "[" + shorthand(p, c) + "]";
    if (c === "S") return inside ? "\\S" : "[^" + space + "]";
    if (c === "A" && !inside) return "(?<![^])";
    if (c === "z" && !inside) return "(?![^])";
    if (c === "Z" && !inside) return "(?=\\n?(?![^]))";
    if (c === "R" && !inside) return "(?:\\r\\n|[\\n\\x0b\\f\\r\\u0085\\u2028\\u2029])";
    if (c === "e") return "\\x1b";
    if (c === "a") return "\\x07";
    if (c === "k" || /[dDwWbBtnrf1-9]/.test(c)) return "\\" + c;
    if (c === "u") { const m = /^[0-9a-fA-F]{4}/.exec(p.slice(i)); if (m) { i += 4; return "\\u" + m[0]; } }
    if (c === "x") { const m = /^[0-9a-fA-F]{2}/.exec(p.slice(i)); if (m) { i += 2; return "\\x" + m[0]; } }
    if (/[A-Za-z0-9]/.test(c)) badPattern(p, "Illegal/unsupported escape sequence");
    return /[\\^$.*+?()[\]{}|\-/]/.test(c) ? "\\" + c : c;
  };
  const brackets = () => {
    let body = "[";
    i++;
    if (p[i] === "^") { body += "^"; i++; }
    if (p[i] === "]") { body += "\\]"; i++; }
    while (p[i] !== "]") {
      if (i >= p.length) badPattern(p, "Unclosed character class");
      if (p[i] === "[" || p.startsWith("&&", i)) badPattern(p, "Character classes within character classes aren't supported");
      if (p[i] === "\\") body += escape(true);
      else body += p[i++];
    }
    i++;
    return body + "]";
  };
  while (i < p.length) {
    const c = p[i];
    if (c === "\\") out += escape(false);
    else if (c === "[") out += brackets();
    else if (c === "(") {
      const m = /^\(\?(:|=|!|<=|<!|<[A-Za-z]\w*>)?/.exec(p.slice(i));
      if (m && m[1] === undefined) badPattern(p, "Flags and atomic groups aren't supported");
      depth++;
      out += m ? m[0] : "(";
      i += m ? m[0].length : 1;
    } else if (c === "$" && !js.includes("m")) { out += "(?=(?:\\r\\n|[\\n\\r])?(?![^]))"; i++; } else if (/[*+?}]/.test(c) && p[i + 1] === "+") {
      badPattern(p, "Possessive quantifiers aren't supported");
    } else if (c === "{" && !/^\{\d+(,\d*)?\}/.test(p.slice(i))) badPattern(p, "Illegal repetition");
    else { out += c === "/" ? "\\/" : c === "}" && !/\{\d+(,\d*)?$/.test(out) ? "\\}" : c === "]" ? "\\]" : c; i++; }
  }
  try { return new RegExp(out, js + "g"); } catch (e) { return badPattern(p, "The pattern can't be read"); }
};

class Pattern extends Obj {
  constructor(source, flags) { super(); this.source = j.nn(source); this.flags = flags; this.re = translate(source, flags); }
  matcher(text) { return new Matcher(this, text); }
  asPredicate() { return (s) => this.matcher(j.nn(s)).find(); }
  split(text, limit) {
    const out = [], m = this.matcher(text);
    let at = 0;
    while ((limit <= 0 || out.length < limit - 1) && m.find()) {
      if (at === 0 && m.m.index === 0 && m.end(0) === 0) continue;
      out.push(text.slice(at, m.m.index));
      at = m.end(0);
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
    const re = new RegExp(source, this.p.re.flags.replace("g", "") + flags);
    re.lastIndex = at;
    return re.exec(this.text);
  }
  find() {
    if (this.at > this.text.length) { this.m = null; return false; }
    this.p.re.lastIndex = this.at;
    this.m = this.p.re.exec(this.text);
    if (this.m === null) { this.at = this.text.length + 1; return false; }
    this.at = this.m.index + this.m[0].length + (this.m[0] === "" ? 1 : 0);
    return true;
  }
  findFrom(i) {
    if (i < 0 || i > this.text.length) fail(ex.IndexOutOfBoundsException, "Illegal start index");
    this.at = i;
    return this.find();
  }
  matches() { this.m = this.$run("^(?:" + this.p.re.source + ")(?![^])", "", 0); if (this.m && this.m.index !== 0) this.m = null; return this.m !== null; }
  lookingAt() { this.m = this.$run(this.p.re.source, "y", 0); return this.m !== null; }
  $match() { return this.m === null ? fail(ex.IllegalStateException, "No match found") : this.m; }
  group(i) { const m = this.$match(); if (i < 0 || i >= m.length) fail(ex.IndexOutOfBoundsException, "No group " + i); return m[i] === undefined ? null : m[i]; }
  named(name) { const g = this.$match().groups; if (!g || !(name in g)) fail(ex.IllegalArgumentException, "No group with name <" + name + ">"); return g[name] === undefined ? null : g[name]; }
  groupCount() { return new RegExp(this.p.re.source + "|").exec("").length - 1; }
  start(i) {
    const m = this.$match();
    if (i === 0) return m.index;
    const s = this.group(i);
    return s === null ? -1 : m.index + m[0].indexOf(s);
  }
  end(i) { const s = this.start(i); return s < 0 ? -1 : s + this.group(i).length; }
  hitEnd() { return this.at >= this.text.length; }
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
