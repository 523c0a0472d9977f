// Looks for new calls once a second and replaces the list and the title when they changed. Without script the page
// reloads itself instead.
"use strict";
async function look() {
  try {
    const answer = await fetch(location.href, { cache: "no-store" });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const now = document.querySelector("main"), next = page.querySelector("main");
    if (answer.ok && next && now.innerHTML !== next.innerHTML) {
      now.replaceWith(next);
      document.title = page.title;
    }
  } catch {
    // The demo was stopped; look again, it may come back.
  }
  setTimeout(look, 1000);
}
look();
