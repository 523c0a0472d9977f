// Works out what guessing is worth while somebody types. Without it, the button
// "Work it out" does.
"use strict";

document.querySelectorAll("form[data-odds]").forEach((form) => {
  let timer = 0;
  let newest = 0;

  const work = async () => {
    const mine = ++newest;
    try {
      const answer = await fetch(form.dataset.odds, { method: "POST", body: new URLSearchParams(new FormData(form)), headers: { Accept: "text/html" } });
      if (!answer.ok || mine !== newest) return;
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const odds = page.getElementById("odds");
      // The section stays, so that its new content is read out; only what is in it changes.
      if (odds) document.getElementById("odds")?.replaceChildren(...odds.childNodes);
    } catch {
      // The button still works.
    }
  };

  form.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(work, 400);
  });
});
