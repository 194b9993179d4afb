// A review session: keys, and the next card before the answer has reached the disk. The cards of
// the session are fetched ahead, so an answer shows the next one at once and is sent behind it, in
// order. Every button works without this file.
"use strict";
(() => {
  const screen = document.querySelector("[data-review]");
  if (!screen) return;
  const answer = screen.querySelector("[data-answer]");
  const form = answer.querySelector("form");
  const front = screen.querySelector("[data-front]"), back = answer.querySelector("[data-back]");
  const total = Number(screen.dataset.total), minutes = Number(screen.dataset.minutes);
  const left = screen.querySelector("[data-left]"), progress = screen.querySelector("[data-progress]");
  const opened = Date.now(), shown = Number(screen.dataset.shown);
  let number = Number(screen.dataset.number);
  let ahead = [], known = false, sent = Promise.resolve();
  const now = () => shown + Date.now() - opened;

  answer.addEventListener("toggle", () => {
    if (answer.open) back.focus({ preventScroll: true });
  });

  fetch("/cards/review/ahead/").then((response) => response.json()).then((given) => {
    ahead = given.cards.filter((card) => String(card.card) !== form.elements.card.value);
    known = true;
    form.dataset.kept = String(ahead.length);
  }).catch(() => {});

  function show(next) {
    front.innerHTML = next.front; // made safe by the server
    back.innerHTML = next.back;
    screen.querySelector("[data-place]").textContent = next.place;
    answer.open = false;
    for (const field of [form.elements.card, ...screen.querySelectorAll("[data-card]")]) field.value = String(next.card);
    const edit = screen.querySelector("[data-edit]");
    edit.href = `${edit.pathname}?card=${next.card}`;
    form.elements.once.value = crypto.randomUUID();
    form.elements.shown.value = String(now());
    for (const [rating, , text] of next.choices) form.querySelector(`[value="${rating}"] span`).textContent = text;
    number += 1;
    progress.value = number - 1;
    const rest = Math.max(1, Math.round((minutes * (total - number + 1)) / total));
    left.textContent = `${Math.min(number, total)} of ${total} · about ${rest} min left`;
    const undo = screen.querySelector("[data-undo]");
    if (undo) undo.hidden = false;
    screen.querySelector(".flash").scrollTop = 0;
    front.focus({ preventScroll: true });
    performance.mark("next-card-shown");
  }

  // The answer goes behind the next card; the queue of the device keeps it if the app is gone.
  function send(fields) {
    return new Promise((done) => {
      document.dispatchEvent(new CustomEvent("send-behind", { detail: { action: form.action, fields, done } }));
    });
  }

  form.addEventListener("submit", (event) => {
    performance.mark("answer-given");
    form.elements.at.value = String(now());
    if (!known) return; // the page asks for the next card itself
    event.preventDefault();
    const fields = [...new FormData(form, event.submitter).entries()].map(([name, value]) => [name, String(value)]);
    const stored = send(fields);
    sent = sent.then(() => stored);
    const next = ahead.shift();
    if (next) show(next);
    else sent.then((through) => {
      if (through !== false) { location.reload(); return; }
      screen.querySelector(".flash").hidden = true;
      left.textContent = "These were the cards stored here. The rest waits for Bounceback.";
    });
  });
  // Where offline.js has put the answer aside, the session goes on with the cards fetched ahead.
  form.addEventListener("waiting", () => {
    const next = ahead.shift();
    if (next) show(next);
    else { screen.querySelector(".flash").hidden = true; left.textContent = "These were the cards stored here. The rest waits for Bounceback."; }
  });

  // Whatever acts on the card or the session waits until the answers before it are written.
  for (const other of screen.querySelectorAll("form:not([data-queue])")) {
    other.addEventListener("submit", (event) => {
      if (other.dataset.ready) return;
      event.preventDefault();
      const by = event.submitter;
      // A form can't be sent again while it is being sent.
      sent.then(() => setTimeout(() => { other.dataset.ready = "1"; delete other.dataset.sent; other.requestSubmit(by); }));
    });
  }

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
      const button = screen.querySelector(`[data-key="${CSS.escape(key)}"]`);
      if (button && !button.closest("[hidden]")) { event.preventDefault(); button.click(); }
    }
  });
})();
