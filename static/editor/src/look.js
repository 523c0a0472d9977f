// The look: colours are custom properties, so light and dark are a matter of the style sheet alone. CodeMirror's own
// pictures are data: addresses, which the console's Content-Security-Policy refuses; here are marks without pictures.
import { HighlightStyle, syntaxHighlighting } from "@codemirror/language";
import { EditorView } from "@codemirror/view";
import { tags } from "@lezer/highlight";

const sheet = `
:host { display: block; color-scheme: light dark;
  --ed-back: #fff; --ed-text: #1b1f24; --ed-faint: #59636e; --ed-line: #d1d9e0; --ed-pane: #f3f5f7; --ed-pick: #b6d7ff; --ed-active: #f3f5f780;
  --ed-word: #8b1a6b; --ed-string: #0a5b2c; --ed-number: #0550ae; --ed-name: #6c3d00; --ed-error: #b3261e; --ed-warning: #7a5300;
  --ed-added: #d7f5df; --ed-removed: #ffe1de; --ed-added-text: #9be3b1; --ed-removed-text: #ffb8b1; --ed-focus: #0b57d0; }
@media (prefers-color-scheme: dark) { :host {
  --ed-back: #14181d; --ed-text: #e6e9ed; --ed-faint: #a4adb8; --ed-line: #3a424c; --ed-pane: #1e242b; --ed-pick: #1f4e8c; --ed-active: #1e242b80;
  --ed-word: #f2a3d8; --ed-string: #8fdba6; --ed-number: #8ec1ff; --ed-name: #f0c38a; --ed-error: #ff9b93; --ed-warning: #f2c66d;
  --ed-added: #143d22; --ed-removed: #4a1d1a; --ed-added-text: #1f6b39; --ed-removed-text: #80302a; --ed-focus: #8ab4f8; } }
.frame { border: 1px solid var(--ed-line); border-radius: 6px; overflow: hidden; background: var(--ed-back); color: var(--ed-text); }
.frame:focus-within { outline: 3px solid var(--ed-focus); outline-offset: 1px; }
.help { margin: .25rem 0 0; font-size: .875em; }
`;

// adopt gives the shadow root its own style sheet.
export function adopt(root) {
  const own = new CSSStyleSheet();
  own.replaceSync(sheet);
  root.adoptedStyleSheets = [...root.adoptedStyleSheets, own];
}

const theme = EditorView.theme({
  "&": { color: "var(--ed-text)", backgroundColor: "var(--ed-back)", maxHeight: "70vh", fontSize: "0.875rem" },
  "&.cm-focused": { outline: "none" },
  ".cm-scroller": { fontFamily: "ui-monospace, SFMono-Regular, Menlo, Consolas, monospace", lineHeight: "1.5", overflow: "auto" },
  ".cm-content": { caretColor: "var(--ed-text)", minHeight: "8rem" },
  ".cm-cursor, .cm-dropCursor": { borderLeftColor: "var(--ed-text)" },
  ".cm-gutters": { backgroundColor: "var(--ed-pane)", color: "var(--ed-faint)", borderRight: "1px solid var(--ed-line)" },
  ".cm-activeLine": { backgroundColor: "var(--ed-active)" },
  ".cm-activeLineGutter": { backgroundColor: "var(--ed-pane)", color: "var(--ed-text)" },
  "&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground, ::selection": { backgroundColor: "var(--ed-pick) !important" },
  ".cm-panels, .cm-tooltip": { backgroundColor: "var(--ed-pane)", color: "var(--ed-text)", border: "1px solid var(--ed-line)" },
  ".cm-panel.cm-search input, .cm-panel.cm-search button, .cm-textfield, .cm-button": { backgroundImage: "none", backgroundColor: "var(--ed-back)", color: "var(--ed-text)", border: "1px solid var(--ed-faint)", fontSize: "0.875rem", minHeight: "24px" },
  ".cm-panel.cm-search [name=close]": { minWidth: "24px", minHeight: "24px", color: "var(--ed-text)" },
  ".cm-panel.cm-search label": { display: "inline-flex", alignItems: "center", minHeight: "24px", fontSize: "0.875rem" },
  ".cm-searchMatch": { backgroundColor: "transparent", outline: "2px solid var(--ed-warning)" },
  ".cm-searchMatch-selected": { backgroundColor: "var(--ed-pick)" },
  ".cm-tooltip-autocomplete ul li[aria-selected]": { backgroundColor: "var(--ed-pick)", color: "var(--ed-text)" },
  ".cm-completionDetail": { color: "var(--ed-faint)" },
  ".cm-word": { padding: "4px 8px", maxWidth: "36rem" },
  ".cm-word p": { margin: "4px 0 0" },
  ".cm-lintRange": { backgroundImage: "none !important", textDecoration: "underline wavy var(--ed-error)", textUnderlineOffset: "3px" },
  ".cm-lintRange-warning": { textDecorationColor: "var(--ed-warning)" },
  ".cm-lint-marker": { width: "1em", height: "1em", textAlign: "center", fontWeight: "bold", lineHeight: "1.5" },
  ".cm-lint-marker-error, .cm-lint-marker-warning": { content: "normal" },
  ".cm-lint-marker-error": { color: "var(--ed-error)" },
  ".cm-lint-marker-error:after": { content: "'✕'" },
  ".cm-lint-marker-warning": { color: "var(--ed-warning)" },
  ".cm-lint-marker-warning:after": { content: "'!'" },
  ".cm-lintPoint:after": { borderBottomColor: "var(--ed-error)" },
  ".cm-diagnostic-error": { borderLeftColor: "var(--ed-error)" },
  ".cm-diagnostic-warning": { borderLeftColor: "var(--ed-warning)" },
  ".cm-changedLine, .cm-insertedLine": { backgroundColor: "var(--ed-added) !important" },
  ".cm-deletedChunk": { backgroundColor: "var(--ed-removed) !important" },
  ".cm-changedText, .cm-insertedLine .cm-changedText": { background: "var(--ed-added-text) !important" },
  ".cm-deletedChunk .cm-deletedText": { background: "var(--ed-removed-text) !important" },
  ".cm-changeGutter .cm-changedLineGutter": { background: "var(--ed-string)" },
  ".cm-deletedLineGutter": { background: "var(--ed-error)" },
  ".cm-collapsedLines": { color: "var(--ed-text)", background: "var(--ed-pane)", minHeight: "24px" },
});

const colours = HighlightStyle.define([
  { tag: [tags.keyword, tags.bool, tags.null, tags.atom], color: "var(--ed-word)" },
  { tag: [tags.string, tags.regexp, tags.special(tags.string)], color: "var(--ed-string)" },
  { tag: tags.number, color: "var(--ed-number)" },
  { tag: [tags.propertyName, tags.definition(tags.variableName), tags.typeName, tags.className], color: "var(--ed-name)" },
  { tag: tags.comment, color: "var(--ed-faint)", fontStyle: "italic" },
  { tag: tags.invalid, color: "var(--ed-error)" },
]);

export const look = [theme, syntaxHighlighting(colours)];
