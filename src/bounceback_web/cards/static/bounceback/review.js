// Keys of a sitting: Space shows, 1 to 4 answer. Every button works without this file.
"use strict";
const answer = document.querySelector("[data-answer]");
const form = answer.querySelector("form");
const opened = Date.now();
const shown = Number(form.elements.shown.value);

answer.addEventListener("toggle", () => {
  if (answer.open) answer.querySelector("[data-back]").focus({ preventScroll: true });
});
// The moment of the answer, on the server's clock: when it was shown, and the time since.
form.addEventListener("submit", () => { form.elements.at.value = String(shown + Date.now() - opened); });

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
  const at = event.target;
  if (at.closest("input, textarea, select")) return;
  const key = event.key.toLowerCase();
  if (key === " " && !at.closest("button, a, summary")) {
    event.preventDefault();
    answer.open = true;
  } else if ("1234".includes(key) && answer.open) {
    event.preventDefault();
    form.requestSubmit(form.querySelector(`[value="${key}"]`));
  } else {
    const button = document.querySelector(`[data-key="${CSS.escape(key)}"]`);
    if (button) { event.preventDefault(); button.click(); }
  }
});

// Without the app the sitting goes on with the cards that were fetched ahead.
let ahead = [];
fetch("/cards/review/ahead/").then((answer) => answer.json()).then((given) => {
  ahead = given.cards.filter((card) => String(card.card) !== form.elements.card.value);
  form.dataset.kept = String(ahead.length);
}).catch(() => {});

form.addEventListener("waiting", () => {
  const next = ahead.shift();
  const left = document.querySelector("[data-left]");
  if (!next) {
    document.querySelector("[data-review]").hidden = true;
    left.textContent = "That is all that was kept here. The rest waits for Bounceback.";
    return;
  }
  document.querySelector("[data-front]").innerHTML = next.front; // made safe by the server
  answer.querySelector("[data-back]").innerHTML = next.back;
  answer.open = false;
  form.elements.card.value = String(next.card);
  form.elements.once.value = crypto.randomUUID();
  form.elements.shown.value = String(shown + Date.now() - opened);
  for (const [rating, , text] of next.choices) form.querySelector(`[value="${rating}"] span`).textContent = text;
  left.textContent = `${ahead.length + 1} kept here`;
});
