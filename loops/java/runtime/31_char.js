// Character.

const letter = (s) => s.toLowerCase() !== s.toUpperCase() || /[\u00aa\u00ba\u01bb\u01c0-\u01c3\u0250-\u02c1\u05d0-\u05ea\u0620-\u064a\u0904-\u0939\u3041-\u30ff\u3400-\u9fff\uac00-\ud7a3]/.test(s);
// A half of a pair is no character of its own.
const cased = (c) => c > 127 && !(c >= 0xd800 && c <= 0xdfff);
j.Char = {
  within: (c, from, to) => c >= from && c <= to,
  isControl: (c) => c >= 0 && c <= 31 || c >= 127 && c <= 159,
  isEither: (c) => j.Char.isLetter(c) || j.Char.isDigit(c),
  text: (c) => (c < 0 || c > 0x10ffff ? fail(ex.IllegalArgumentException, "Not a valid Unicode code point: 0x" + (c >>> 0).toString(16).toUpperCase()) : String.fromCodePoint(c)),
  isDigit: (c) => c >= 48 && c <= 57 || c >= 0x660 && c <= 0x669 || c >= 0x6f0 && c <= 0x6f9 || c >= 0x966 && c <= 0x96f || c >= 0xff10 && c <= 0xff19,
  isLetter: (c) => c >= 97 && c <= 122 || c >= 65 && c <= 90 || cased(c) && !(c >= 0x2160 && c <= 0x217f || c >= 0x24b6 && c <= 0x24e9) && letter(String.fromCodePoint(c)),
  isUpper: (c) => c >= 65 && c <= 90 || cased(c) && ![0x1c5, 0x1c8, 0x1cb, 0x1f2].includes(c) && String.fromCodePoint(c).toLowerCase() !== String.fromCodePoint(c),
  isLower: (c) => c >= 97 && c <= 122 || c >= 0x250 && c <= 0x2b8 || c === 0xaa || c === 0xba || c > 127 && String.fromCodePoint(c).toUpperCase() !== String.fromCodePoint(c),
  isWhitespace: (c) => blank(c),
  isSpace: (c) => c === 32 || c === 0xa0 || c === 0x2007 || c === 0x202f || c > 32 && blank(c),
  upper(c) { if (c >= 0xd800 && c <= 0xdfff) return c; const s = String.fromCodePoint(c).toUpperCase(); return s.length === String.fromCodePoint(c).length ? s.codePointAt(0) : c; },
  lower(c) { if (c >= 0xd800 && c <= 0xdfff) return c; const s = String.fromCodePoint(c).toLowerCase(); return s.length === String.fromCodePoint(c).length ? s.codePointAt(0) : c; },
  digit(c, radix) {
    const zero = [0x660, 0x6f0, 0x966, 0xff10].find((z) => c >= z && c <= z + 9);
    const d = zero !== undefined ? c - zero : c < 128 ? parseInt(String.fromCharCode(c), 36) : c >= 0xff21 && c <= 0xff5a && (c & 31) > 0 && (c & 31) < 27 ? (c & 31) + 9 : NaN;
    return d < radix ? d : -1;
  },
  numeric: (c) => j.Char.digit(c, 36),
  forDigit: (d, radix) => (d >= 0 && d < radix && radix >= 2 && radix <= 36 ? d.toString(radix).charCodeAt(0) : 0),
};
