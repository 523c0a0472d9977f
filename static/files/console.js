// Makes the console quicker to use. Everything works without it.
"use strict";

// A form is not sent twice; the buttons of a page that comes back may be used again.
addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || form.method !== "post") return;
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  form.dataset.sent = "yes";
  // Later, because a disabled button's value would not be sent.
  setTimeout(() => form.querySelectorAll("button").forEach((b) => { b.disabled = true; }));
});

addEventListener("pageshow", (event) => {
  if (!event.persisted) return;
  document.querySelectorAll("form[data-sent]").forEach((form) => {
    delete form.dataset.sent;
    form.querySelectorAll("button").forEach((b) => { b.disabled = false; });
  });
});

// Says times by the reader's own clock, which the server can't know; what the server
// wrote stays as the title. Seconds are shown where the server wrote them.
document.querySelectorAll("time[datetime]").forEach((time) => {
  const at = new Date(time.dateTime);
  if (Number.isNaN(at.getTime())) return;
  time.title = time.textContent;
  const timeStyle = /:\d\d:\d\d/.test(time.textContent) ? "medium" : "short";
  time.textContent = at.toLocaleString(navigator.language, { dateStyle: "medium", timeStyle });
});

// What went wrong is read first.
document.querySelector("[data-focus]")?.focus();

// A form with changes that weren't sent asks before it is left.
document.querySelectorAll("form[data-keep]").forEach((form) => {
  let changed = false;
  form.addEventListener("input", () => { changed = true; });
  form.addEventListener("submit", () => { changed = false; });
  addEventListener("beforeunload", (event) => { if (changed) event.preventDefault(); });
});
