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
  const two = (n) => String(n).padStart(2, "0");
  const minutes = Math.floor(seconds / 60);
  const hours = Math.floor(minutes / 60);
  return (hours ? hours + ":" + two(minutes % 60) : minutes) + ":" + two(seconds % 60);
}

// The wait before another code: the button opens when it is over. It stands in
// no live region, so nobody hears it each second.
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
      button.disabled = Boolean(form.dataset.sent);
      text.hidden = true;
      return;
    }
    text.textContent = text.dataset.countdown.replace("#", clock(left));
    setTimeout(tick, 1000);
  };
  tick();
}

// Of the browser's languages, the one that the page is in, as that person
// writes it: times of day differ between en-US and en-GB.
function locale() {
  const lang = document.documentElement.lang;
  return navigator.languages.find((l) => l.split("-")[0] === lang) || lang;
}

// Says a time by the person's own clock, which the server can't know.
function timeOfDay(time) {
  const at = new Date(time.dateTime);
  const days = Math.round((new Date(at).setHours(0, 0, 0, 0) - new Date().setHours(0, 0, 0, 0)) / 864e5);
  const words = days === 1 ? time.dataset.tomorrow : days === 0 || days === -1 ? time.dataset.today : "";
  if (words) time.textContent = words.replace("#", at.toLocaleTimeString(locale(), { hour: "2-digit", minute: "2-digit" }));
}

// A code that comes by SMS is read where the browser can (WebOTP), and sent
// once. The reading ends when the person sends the form or leaves the page.
function readMessage(form) {
  if (!("OTPCredential" in window)) return;
  const reading = new AbortController();
  form.addEventListener("submit", () => reading.abort());
  addEventListener("pagehide", () => reading.abort());
  navigator.credentials.get({ otp: { transport: ["sms"] }, signal: reading.signal }).then((message) => {
    if (!message || reading.signal.aborted) return;
    form.elements.code.value = message.code;
    form.requestSubmit();
  }).catch(() => {}); // refused, timed out or aborted: the code can be typed
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
  // Another form, or none: the code is of another kind now.
  if (!now || now.dataset.open !== before.dataset.open || now.dataset.form !== before.dataset.form) return moveOn();
  if (now.dataset.state !== before.dataset.state) {
    prepare(fresh);
    ["state", "text", "at", "ways"].forEach((name) => region(document, name).replaceChildren(...region(fresh, name).childNodes));
    before.dataset.state = now.dataset.state;
    document.title = fresh.title;
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
  root.querySelectorAll("time").forEach(timeOfDay);
}

// Goes on when all frames of the page are loaded, or when one of them takes too
// long; without a script the browser waits for them all.
function goOn(link) {
  const next = () => location.replace(link.href);
  addEventListener("load", next, { once: true });
  setTimeout(next, Number(link.dataset.goOn));
}

prepare(document);
document.querySelectorAll("a[data-go-on]").forEach(goOn);
document.querySelectorAll("form[data-otp]").forEach(readMessage);
document.querySelectorAll("[data-reveal]").forEach(revealing);
document.querySelectorAll("form[data-submit]").forEach((form) => form.submit());
watch();
