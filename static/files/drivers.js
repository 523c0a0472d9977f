// Tries a driver without loading the page anew. Without this script the same forms show the same result on a page of its own.
"use strict";

let trying; // the request in progress

async function attempt(form) {
  trying?.abort();
  trying = new AbortController();
  const mine = trying;
  const place = document.getElementById("trial-result");
  const buttons = document.querySelectorAll("form[data-trial] button");
  buttons.forEach((b) => { b.disabled = true; });
  place.setAttribute("aria-busy", "true");
  try {
    const answer = await fetch(form.action, { method: "POST", body: new URLSearchParams(new FormData(form)), signal: mine.signal, redirect: "manual" });
    if (answer.type === "opaqueredirect") {
      location.reload(); // the session is over, or a proof is wanted: the page itself leads there
      return;
    }
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const result = page.getElementById("trial-result");
    const wrong = page.querySelector("main .alert");
    // Without a result the answer is another page, which says what must come first. It isn't sent again: it may have called.
    const other = [...page.querySelectorAll("main > :not(h1)")];
    place.replaceChildren(...(result ? [...(wrong ? [wrong] : []), ...result.childNodes] : other));
    place.focus();
  } catch (fault) {
    if (fault.name !== "AbortError") place.replaceChildren(Object.assign(document.createElement("p"), { className: "bad", textContent: "The trial couldn't be made: the console doesn't answer." }));
  } finally {
    place.removeAttribute("aria-busy");
    buttons.forEach((b) => { b.disabled = false; });
  }
}

document.querySelectorAll("form[data-trial]").forEach((form) => {
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    attempt(form);
  });
});
