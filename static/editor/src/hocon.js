// HOCON as far as an editor needs it: comments, keys, texts, numbers and substitutions in their colours.
import { StreamLanguage } from "@codemirror/language";

export const hocon = StreamLanguage.define({
  name: "hocon",
  languageData: { commentTokens: { line: "//" }, closeBrackets: { brackets: ["[", "{", '"'] } },
  startState: () => ({ value: false, long: false }),
  token(stream, state) {
    if (state.long || stream.match('"""')) {
      state.long = !stream.skipTo('"""');
      if (state.long) stream.skipToEnd(); else stream.match('"""');
      return "string";
    }
    if (stream.sol()) state.value = false;
    if (stream.eatSpace()) return null;
    if (stream.match(/^(#|\/\/).*/)) return "comment";
    if (stream.match(/^"(?:[^"\\]|\\.)*"?/)) return state.value ? "string" : "propertyName";
    if (stream.match(/^\$\{\??[^}]*\}?/)) return "variableName";
    if (stream.match(/^(\+?=|:)/)) { state.value = true; return "operator"; }
    if (stream.match(/^[{}[\],]/)) {
      if (/[{},]/.test(stream.current())) state.value = stream.current() === "," && state.value;
      return "bracket";
    }
    if (state.value && stream.match(/^-?\d+(\.\d+)?\s*(ms|s|m|h|d|[kKMG]i?B)?(?=[\s,\]}]|$)/)) return "number";
    if (state.value && stream.match(/^(true|false|null)(?=[\s,\]}]|$)/)) return "atom";
    if (stream.match(/^[^\s{}[\],=:#"$]+/)) return state.value ? "string" : "propertyName";
    stream.next();
    return null;
  },
});

// secretNames are those that a manifest wants.
export function secretNames(manifest) {
  const list = /^[ \t]*secrets\s*[=:]?\s*\[([^\]]*)\]/m.exec(manifest);
  return list ? list[1].replace(/(#|\/\/).*/g, "").split(/[\s,]+/).map((name) => name.replace(/^"|"$/g, "")).filter(Boolean) : [];
}
