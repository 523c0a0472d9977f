// Makes the pages quicker to use. Everything works without it.
"use strict";

// Once a form is on its way the page is left, and must not lead anywhere else:
// the answer may already have gone to the relying party.
let leaving = false;
addEventListener("submit", (event) => { leaving = leaving || !event.defaultPrevented; });

// A form counts once on the server; here it is only not sent twice.
function sendOnce(form) {
  form.addEventListener("submit", (event) => {
    if (form.dataset.sent) {
      event.preventDefault();
      return;
    }
    form.dataset.sent = "yes";
    // Later, because a disabled button's value would not be sent.
    setTimeout(() => form.querySelectorAll("button").forEach((b) => { b.disabled = true; }));
  });
}

// A page that comes back from the browser's memory may be used again.
addEventListener("pageshow", (event) => {
  if (!event.persisted) return;
  leaving = false;
  document.querySelectorAll("form[data-sent]").forEach((form) => {
    delete form.dataset.sent;
    form.querySelectorAll("button").forEach((b) => { b.disabled = false; });
  });
});

function revealing(button) {
  const input = document.getElementById(button.dataset.reveal);
  button.hidden = false;
  button.addEventListener("click", () => {
    const show = input.type === "password";
    input.type = show ? "text" : "password";
    button.setAttribute("aria-pressed", String(show));
    input.focus();
  });
  input.form.addEventListener("submit", () => { input.type = "password"; });
}

function clock(seconds) {
  return Math.floor(seconds / 60) + ":" + String(seconds % 60).padStart(2, "0");
}

// The wait before another call: the button opens when it is over.
function countDown(form) {
  const button = form.querySelector("button");
  const text = form.querySelector("[data-countdown]");
  const end = Date.now() + Number(form.dataset.wait) * 1000;
  if (!text) return;
  button.disabled = true;
  const tick = () => {
    if (!form.isConnected) return;
    const left = Math.ceil((end - Date.now()) / 1000);
    if (left <= 0) {
      button.disabled = false;
      text.hidden = true;
      return;
    }
    text.textContent = text.dataset.countdown.replace("#", clock(left));
    setTimeout(tick, 1000);
  };
  tick();
}

function region(root, name) {
  return root.querySelector('[data-live="' + name + '"]');
}

// Where the step has moved on, the page is loaded anew by GET.
function moveOn() {
  location.replace(location.pathname + location.search);
}

// Looks how the step stands and puts the changed parts in place; what is being
// typed stays. Redirects are not followed: they would leave this page.
async function look() {
  const answer = await fetch(location.pathname, {
    headers: { Accept: "text/html" }, credentials: "same-origin", redirect: "manual", cache: "no-store",
  });
  const text = answer.ok ? await answer.text() : "";
  if (leaving) return;
  if (!answer.ok) return moveOn();
  const fresh = new DOMParser().parseFromString(text, "text/html");
  const before = region(document, "state");
  const now = region(fresh, "state");
  if (!now || now.dataset.open !== before.dataset.open) return moveOn();
  if (now.dataset.state !== before.dataset.state) {
    ["state", "text", "ways"].forEach((name) => region(document, name).replaceChildren(...region(fresh, name).childNodes));
    before.dataset.state = now.dataset.state;
    prepare(region(document, "ways"));
  }
  before.dataset.refresh = now.dataset.refresh;
  watch();
}

// Timers hold 31 bits of milliseconds.
const longest = 2 ** 31 - 1;

function watch() {
  const state = region(document, "state");
  const wait = state ? Number(state.dataset.refresh) : 0;
  if (!(wait > 0)) return;
  setTimeout(() => {
    if (document.hidden) {
      document.addEventListener("visibilitychange", () => look().catch(watch), { once: true });
      return;
    }
    if (!leaving) look().catch(watch);
  }, Math.min(Math.max(wait, 500), longest));
}

function prepare(root) {
  root.querySelectorAll("form[data-once]").forEach(sendOnce);
  root.querySelectorAll("form[data-wait]").forEach(countDown);
}

prepare(document);
document.querySelectorAll("[data-reveal]").forEach(revealing);
document.querySelectorAll("form[data-submit]").forEach((form) => form.submit());
watch();
