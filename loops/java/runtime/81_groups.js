// Where the groups of a match begin, which JavaScript doesn't tell.

// tailed writes a pattern in which each group is preceded by another that holds all that follows.
const tailed = (source, all) => {
  let out = "", inside = false;
  const open = [];
  for (let i = 0; i < source.length; i++) {
    const c = source[i];
    if (c === "\\") {
      const n = /^[1-9][0-9]*/.exec(inside ? "" : source.slice(i + 1));
      out += n ? "\\" + Number(n[0]) * 2 : c + source[i + 1];
      i += n ? n[0].length : 1;
    } else if (inside || c === "[") {
      inside = c !== "]";
      out += c;
    } else if (c === "(") {
      open.push(source[i + 1] !== "?");
      out += open[open.length - 1] ? "(?:(?=(" + all + "*))(" : c;
    } else out += c === ")" && open.pop() ? "))" : c;
  }
  return out;
};
j.groupStart = (matcher, i) => {
  const re = matcher.p.re, all = re.unicode ? "[\\x00-\\u{10ffff}]" : "[^]";
  const again = new RegExp("(?:" + tailed(re.source, all) + ")" + (matcher.whole ? "(?!" + all + ")" : ""), re.flags.replace("g", "") + "y");
  again.lastIndex = matcher.m.index;
  const m = again.exec(matcher.text);
  if (m === null || m[0] !== matcher.m[0]) fail(ex.IllegalStateException, "where this group begins can't be told here");
  return matcher.text.length - m[2 * i - 1].length;
};
