// Problems while typing: the server checks what stands in the form, as `ringtail loop check` does.
import { setDiagnostics } from "@codemirror/lint";

const pause = 400; // milliseconds without a key before the server is asked

// Checker asks for the problems of a form's editors and shows them there and in the list.
export class Checker {
  constructor(form, editors) {
    this.form = form;
    this.editors = editors; // by the name of the field
    this.list = form.querySelector("[data-problems]");
    this.asked = null;
    this.timer = 0;
  }

  // later asks once nothing has been typed for a moment; what was asked before no longer counts.
  later() {
    this.asked?.abort();
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.ask(), pause);
  }

  async ask() {
    const asked = this.asked = new AbortController();
    const headers = { Accept: "application/json" };
    const token = document.querySelector('meta[name="form-token"]')?.content;
    if (token) headers["X-Form-Token"] = token;
    try {
      const body = new URLSearchParams(new FormData(this.form));
      const answer = await fetch(this.form.dataset.lint, { method: "POST", headers, body, signal: asked.signal, redirect: "error" });
      if (!answer.ok) throw new Error("status " + answer.status);
      this.show((await answer.json()).problems || []);
    } catch (fault) {
      if (fault.name !== "AbortError" && this.asked === asked) this.say("The script can't be checked just now.");
    }
  }

  show(problems) {
    for (const [name, view] of this.editors) {
      const own = problems.filter((p) => (p.file || "script") === name);
      view.dispatch(setDiagnostics(view.state, own.map((p) => diagnostic(view.state.doc, p))));
    }
    this.say(problems.length === 0 ? "No problems found." : problems.length === 1 ? "1 problem:" : problems.length + " problems:", problems);
  }

  // say tells it in words too, with a button that leads to each place.
  say(text, problems = []) {
    if (!this.list) return;
    const line = document.createElement("p");
    line.textContent = text;
    const items = document.createElement("ul");
    for (const problem of problems) items.appendChild(document.createElement("li")).appendChild(this.button(problem));
    this.list.replaceChildren(line, ...(problems.length ? [items] : []));
    this.form.dataset.checked = problems.length;
  }

  button(problem) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "link";
    button.textContent = `${problem.file || "script"}${problem.line ? ` ${problem.line}:${problem.column}` : ""}: ${problem.message}`;
    button.addEventListener("click", () => {
      const view = this.editors.get(problem.file || "script");
      if (!view) return;
      view.dispatch({ selection: { anchor: diagnostic(view.state.doc, problem).from }, scrollIntoView: true });
      view.focus();
    });
    return button;
  }
}

// diagnostic places a problem: the word that begins there, or the whole line where there is none.
function diagnostic(doc, problem) {
  const line = doc.line(Math.min(Math.max(problem.line || 1, 1), doc.lines));
  const from = Math.min(line.from + Math.max((problem.column || 1) - 1, 0), line.to);
  const word = /^[\w$]+/.exec(doc.sliceString(from, line.to));
  return { from, to: word ? from + word[0].length : Math.min(from + 1, line.to), severity: problem.severity || "error", source: problem.reason, message: problem.message };
}
