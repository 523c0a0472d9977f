// What the script under the cursor has: completion and hover from the words that the server gives.
import { snippetCompletion } from "@codemirror/autocomplete";
import { syntaxTree } from "@codemirror/language";
import { StateEffect, StateField } from "@codemirror/state";
import { EditorView, hoverTooltip, keymap, showTooltip } from "@codemirror/view";

const parameters = ["Input", "Result", "JsObj"]; // of an entry, by their places

// Words answers for one language what the declarations know.
export class Words {
  constructor(language, secrets) {
    this.language = language;
    this.secrets = secrets; // gives the names in driver.conf as it stands
    this.globals = new Map(language.globals.map((o) => [o.name, o]));
    this.types = new Map(language.types.map((o) => [o.name, o]));
  }

  // members of an object, with those of the type that it extends.
  members(object) {
    if (!object) return [];
    const inherited = object.extends ? this.members(this.types.get(object.extends)) : [];
    return [...object.members, ...inherited];
  }

  member(object, name) {
    return this.members(object).find((m) => m.name === name);
  }
}

// Scope reads expressions of a document.
class Scope {
  constructor(state, words) {
    this.state = state;
    this.words = words;
    this.tree = syntaxTree(state);
  }

  text(node) {
    return this.state.sliceDoc(node.from, node.to);
  }

  // before gives the expression that ends at pos: what stands before a dot.
  before(pos) {
    let end = pos;
    while (end > 0 && /\s/.test(this.state.sliceDoc(end - 1, end))) end--;
    let node = this.tree.resolveInner(end, -1);
    while (node.parent && node.parent.to === end && !node.parent.type.isTop) node = node.parent;
    return node;
  }

  // object gives what is known of the expression's value.
  object(node) {
    if (!node) return undefined;
    switch (node.name) {
      case "VariableName": case "Identifier":
        return this.variable(this.text(node), node.from);
      case "MemberExpression": case "FieldAccess":
        return this.given(node.firstChild, node.lastChild);
      case "MethodInvocation":
        return this.given(node.firstChild, node.getChild("MethodName"));
      case "CallExpression":
        return this.object(node.firstChild);
      case "ParenthesizedExpression":
        return this.object(node.firstChild?.nextSibling);
      case "BinaryExpression": case "ConditionalExpression": case "TernaryExpression":
        return this.either(node);
    }
    return undefined;
  }

  either(node) {
    for (let child = node.firstChild; child; child = child.nextSibling) {
      const found = this.object(child);
      if (found) return found;
    }
    return undefined;
  }

  given(owner, name) {
    if (!owner || !name || owner.from === name.from) return undefined;
    const member = this.words.member(this.object(owner), this.text(name));
    return member && this.words.types.get(member.gives);
  }

  // variable gives the last one of that name that is declared before pos, else the global.
  variable(name, pos) {
    let declared;
    this.tree.iterate({
      to: pos,
      enter: (ref) => {
        if ((ref.name === "VariableDefinition" || ref.name === "Definition") && ref.to <= pos && this.text(ref) === name) declared = ref.node;
      },
    });
    return declared ? this.declared(declared) : this.words.globals.get(name);
  }

  declared(definition) {
    const parent = definition.parent;
    const type = (parent.name === "VariableDeclarator" ? parent.parent : parent).getChild("TypeName");
    if (type && this.words.types.has(this.text(type))) return this.words.types.get(this.text(type));
    if (parent.name === "ParamList") return this.parameter(definition);
    const equals = definition.nextSibling;
    return equals && (equals.name === "Equals" || equals.name === "AssignOp") ? this.object(equals.nextSibling) : undefined;
  }

  parameter(definition) {
    const list = definition.parent;
    const name = list.parent.getChild("VariableDefinition") || list.parent.getChild("PropertyDefinition");
    const place = list.getChildren("VariableDefinition").findIndex((p) => p.from === definition.from);
    return name && this.words.language.entries.includes(this.text(name)) ? this.words.types.get(parameters[place]) : undefined;
  }
}

function option(member) {
  const isFunction = member.form.includes("(");
  const empty = member.form.includes("()");
  return {
    label: member.name, type: isFunction ? "method" : "property", detail: member.form, info: member.means,
    apply: isFunction ? (view, _, from, to) => {
      const insert = member.name + "()";
      view.dispatch({ changes: { from, to, insert }, selection: { anchor: from + insert.length - (empty ? 0 : 1) }, userEvent: "input.complete" });
    } : undefined,
  };
}

// unlike keeps one of each name: an overloaded function is offered once.
const unlike = (members) => [...new Map(members.map((m) => [m.name, m])).values()];

// choices are the texts that may stand between the quotes at the cursor.
function choices(context, words) {
  const typed = context.matchBefore(/\.(as\w+|has|error)\(\s*["'][\w]*$/);
  if (!typed) return null;
  const dot = context.state.doc.sliceString(typed.from, typed.to);
  const scope = new Scope(context.state, words);
  const owner = scope.object(scope.before(typed.from));
  const list = /^\.error/.test(dot) ? "Word" : owner?.name === "Input" || words.language.entries.length === 1 ? "InputKey" : "";
  const texts = words.language.choices[list];
  return texts && owner ? { from: context.pos - dot.match(/\w*$/)[0].length, options: texts.map((label) => ({ label, type: "text" })), validFor: /^\w*$/ } : null;
}

const names = (state, words) => {
  const seen = new Set();
  syntaxTree(state).iterate({ enter: (ref) => { if (/Definition$/.test(ref.name)) seen.add(state.sliceDoc(ref.from, ref.to)); } });
  const missing = words.globals.has("Ringtail") ? [] : words.language.entries.filter((entry) => !seen.has(entry));
  return [
    ...[...words.globals.values()].map((o) => ({ label: o.name, type: "namespace", info: o.means || undefined })),
    ...missing.map((entry) => snippetCompletion(`function ${entry}(obj, result, state) {\n\t\${}\n}`, { label: entry, type: "function", detail: "entry of a driver" })),
    ...[...seen].map((label) => ({ label, type: "variable" })),
  ];
};

// completions offers members after a dot, texts between quotes, else names.
export function completions(words) {
  return (context) => {
    const inQuotes = choices(context, words());
    if (inQuotes) return inQuotes;
    if (/String|Comment/.test(syntaxTree(context.state).resolveInner(context.pos, -1).name)) return null;
    const after = context.matchBefore(/\.\s*[\w$]*$/);
    const word = context.matchBefore(/[\w$]*$/);
    if (after) return { from: word ? word.from : context.pos, options: membersAt(context.state, after.from, words()), validFor: /^[\w$]*$/ };
    if (!context.explicit && (!word || word.from === word.to)) return null;
    return { from: word ? word.from : context.pos, options: names(context.state, words()), validFor: /^[\w$]*$/ };
  };
}

function membersAt(state, dot, words) {
  const scope = new Scope(state, words);
  const object = scope.object(scope.before(dot));
  if (object?.name === "secrets") return words.secrets().map((label) => ({ label, type: "constant", detail: "secret of driver.conf" }));
  return unlike(words.members(object)).map(option);
}

// hover tells what the word under the pointer is.
export function hover(words) {
  return hoverTooltip((view, pos) => {
    const found = explain(view.state, pos, words());
    return found && { pos: found.from, end: found.to, above: true, create: () => ({ dom: card(found) }) };
  });
}

const show = StateEffect.define(); // what is explained at the cursor, or null

const shown = StateField.define({
  create: () => null,
  update(value, transaction) {
    if (transaction.docChanged || transaction.selection) value = null;
    for (const effect of transaction.effects) if (effect.is(show)) value = effect.value;
    return value;
  },
  provide: (field) => showTooltip.from(field, (found) => found && { pos: found.from, above: true, create: () => ({ dom: card(found) }) }),
});

// explained tells what the word at the cursor is when F1 is pressed, to the eye and to a screen reader; Escape takes it away.
export function explained(words) {
  const tell = (view) => {
    const found = explain(view.state, view.state.selection.main.head, words());
    view.dispatch({ effects: [show.of(found), EditorView.announce.of(found ? `${found.form}. ${found.means || ""}` : "Nothing is known of this word.")] });
    return true;
  };
  const leave = (view) => {
    if (!view.state.field(shown)) return false;
    view.dispatch({ effects: show.of(null) });
    return true;
  };
  return [shown, keymap.of([{ key: "F1", run: tell, preventDefault: true }, { key: "Escape", run: leave }])];
}

// explain gives the form and meaning of the word at pos.
export function explain(state, pos, words) {
  const at = state.wordAt(pos);
  if (!at) return null;
  const name = state.sliceDoc(at.from, at.to);
  const before = /\.\s*$/.exec(state.sliceDoc(Math.max(0, at.from - 80), at.from));
  const scope = new Scope(state, words);
  if (before) {
    const member = words.member(scope.object(scope.before(at.from - before[0].length)), name);
    return member ? { from: at.from, to: at.to, form: member.form, means: member.means } : null;
  }
  const object = /String|Comment/.test(scope.tree.resolveInner(pos).name) ? null : scope.variable(name, at.from);
  return object ? { from: at.from, to: at.to, form: `${name}: ${object.name}`, means: object.means } : null;
}

function card(found) {
  const dom = document.createElement("div");
  dom.className = "cm-word";
  const form = dom.appendChild(document.createElement("code"));
  form.textContent = found.form;
  if (found.means) dom.appendChild(document.createElement("p")).textContent = found.means;
  return dom;
}
