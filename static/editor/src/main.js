// The driver editor: every textarea with data-editor becomes a CodeMirror in a shadow root, whose style sheets are
// constructed, so that the console's Content-Security-Policy needs no 'unsafe-inline'. Without this script the form works as it is.
import { autocompletion, closeBrackets, closeBracketsKeymap, completionKeymap } from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap, indentWithTab } from "@codemirror/commands";
import { java } from "@codemirror/lang-java";
import { javascript } from "@codemirror/lang-javascript";
import { bracketMatching, foldGutter, foldKeymap, indentOnInput, indentUnit } from "@codemirror/language";
import { lintGutter, lintKeymap } from "@codemirror/lint";
import { unifiedMergeView } from "@codemirror/merge";
import { highlightSelectionMatches, searchKeymap } from "@codemirror/search";
import { Compartment, EditorState } from "@codemirror/state";
import { EditorView, drawSelection, highlightActiveLine, highlightActiveLineGutter, highlightSpecialChars, keymap, lineNumbers } from "@codemirror/view";
import { hocon, secretNames } from "./hocon.js";
import { adopt, look } from "./look.js";
import { Checker } from "./problems.js";
import { Words, completions, explained, hover } from "./words.js";

const help = "Escape, then Tab leaves the editor. Ctrl+Space completes, F1 explains the word at the cursor, F8 goes to the next problem, Ctrl+F searches, Ctrl+S saves.";
const helpPlain = "Escape, then Tab leaves the editor. Ctrl+F searches, Ctrl+S saves.";
const helpReading = "Tab leaves the editor. Ctrl+F searches, F1 explains the word at the cursor.";
const dark = matchMedia("(prefers-color-scheme: dark)");
const leaveTime = 10_000; // milliseconds after Escape in which Tab leaves

function languageOf(name) {
  switch (name) {
    case "java": return java();
    case "hocon": return hocon;
  }
  return javascript();
}

// frame puts a shadow root in the element's place and gives the box that the editor goes into.
function frame(element) {
  const host = document.createElement("div");
  host.className = "editor";
  element.after(host);
  element.hidden = true;
  const root = host.attachShadow({ mode: "open" });
  adopt(root);
  const box = root.appendChild(document.createElement("div"));
  box.className = "frame";
  return { root, box };
}

// darkness tells CodeMirror's own styles which scheme is on, and follows it.
function darkness() {
  const scheme = new Compartment();
  const of = () => scheme.of(EditorView.darkTheme.of(dark.matches));
  const follow = (view) => dark.addEventListener("change", () => view.dispatch({ effects: scheme.reconfigure(EditorView.darkTheme.of(dark.matches)) }));
  return { of, follow };
}

const escape = keymap.of([{ key: "Escape", run: (view) => { view.setTabFocusMode(leaveTime); return true; } }]);

function base(readOnly) {
  return [
    look, lineNumbers(), foldGutter(), highlightSpecialChars(), drawSelection(), highlightActiveLine(), highlightActiveLineGutter(), bracketMatching(),
    highlightSelectionMatches(), EditorState.readOnly.of(readOnly), EditorState.tabSize.of(2), indentUnit.of("  "), EditorView.lineWrapping,
    keymap.of([...searchKeymap, ...foldKeymap, ...historyKeymap, ...lintKeymap, ...completionKeymap, ...closeBracketsKeymap, ...defaultKeymap]),
    readOnly ? [] : keymap.of([indentWithTab]), escape,
  ];
}

// mount replaces one textarea; changed is called after every change of the text.
function mount(area, words, changed) {
  const { root, box } = frame(area);
  const label = area.labels[0];
  const scheme = darkness();
  const language = new Compartment();
  const note = root.appendChild(document.createElement("p"));
  note.className = note.id = "help";
  const still = area.readOnly || area.disabled;
  const plain = area.dataset.editor === "hocon";
  note.textContent = still ? helpReading : plain ? helpPlain : help;
  const save = { key: "Mod-s", run: () => { area.form.requestSubmit(); return true; }, preventDefault: true };
  const known = () => words(area.dataset.editor);
  const view = new EditorView({
    root, parent: box,
    state: EditorState.create({ doc: area.value, extensions: [
      plain ? [] : [autocompletion({ override: [completions(known)] }), hover(known), explained(known)],
      still ? [] : [history(), closeBrackets(), indentOnInput(), lintGutter(), keymap.of([save])], base(still),
      language.of(languageOf(area.dataset.editor)), scheme.of(),
      EditorView.contentAttributes.of({ tabindex: "0", "aria-label": label?.textContent.trim() || area.name, "aria-describedby": "help" }),
      EditorView.updateListener.of((update) => {
        if (!update.docChanged) return;
        area.value = update.state.doc.toString();
        area.dispatchEvent(new Event("input", { bubbles: true }));
        changed();
      }),
    ] }),
  });
  scheme.follow(view);
  label?.addEventListener("click", () => view.focus());
  area.required = false; // an empty field that can't be seen couldn't be told; the server tells
  area.addEventListener("languagechange", () => view.dispatch({ effects: language.reconfigure(languageOf(area.dataset.editor)) }));
  return view;
}

// vocabulary fetches the words once and gives them by language; until they are there, none.
function vocabulary(form, editors) {
  const none = new Words({ globals: [], types: [], choices: {}, entries: [] }, () => []);
  const known = new Map();
  const secrets = () => secretNames(editors.get("manifest")?.state.doc.toString() || form.dataset.manifest || "");
  if (form.dataset.words) {
    fetch(form.dataset.words, { headers: { Accept: "application/json" }, redirect: "error" }).then((answer) => answer.json()).then((all) => {
      for (const name of ["js", "java"]) known.set(name, new Words(all[name], secrets));
      form.dataset.ready = "words";
    }).catch(() => { form.dataset.ready = "plain"; });
  }
  return (name) => known.get(name) || none;
}

function enhance(form) {
  const editors = new Map();
  const checker = form.dataset.lint ? new Checker(form, editors) : null;
  const words = vocabulary(form, editors);
  for (const area of form.querySelectorAll("textarea[data-editor]")) editors.set(area.name, mount(area, words, () => checker?.later()));
  form.elements.language?.addEventListener?.("change", (event) => {
    const area = form.querySelector("textarea[name=script]");
    area.dataset.editor = event.target.value;
    area.dispatchEvent(new Event("languagechange"));
    checker?.later();
  });
  if (checker && !form.querySelector("textarea[readonly]")) checker.later();
}

// compare shows two versions as one text with what was added and removed.
function compare(element) {
  const [before, after] = ["before", "after"].map((side) => element.querySelector(`[data-side=${side}]`)?.textContent || "");
  const { root, box } = frame(element);
  const scheme = darkness();
  const view = new EditorView({
    root, parent: box,
    state: EditorState.create({ doc: after, extensions: [
      base(true), EditorView.editable.of(true), languageOf(element.dataset.compare), scheme.of(),
      unifiedMergeView({ original: before, mergeControls: false, gutter: true, collapseUnchanged: { margin: 3, minSize: 6 } }),
      EditorView.contentAttributes.of({ tabindex: "0", "aria-label": element.getAttribute("aria-label") || "Differences", "aria-readonly": "true" }),
    ] }),
  });
  scheme.follow(view);
}

document.querySelectorAll("form[data-driver]").forEach(enhance);
document.querySelectorAll("[data-compare]").forEach(compare);
