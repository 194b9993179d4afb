// Small comforts. Every page works without this file.
"use strict";
document.documentElement.classList.remove("no-script");

// The browser's own zone, proposed where a zone is asked for.
for (const field of document.querySelectorAll("[data-zone]")) {
  if (!field.value) field.value = Intl.DateTimeFormat().resolvedOptions().timeZone || "";
}

// The timer counts from the moment the server wrote down, so reload and sleep change nothing.
const curve = (share) => {
  const path = document.querySelector("[data-gone]");
  if (!path) return;
  path.setAttribute("stroke-dasharray", `${100 * share} 100`);
  const at = path.getPointAtLength(path.getTotalLength() * share);
  for (const dot of document.querySelectorAll("[data-dot]")) {
    dot.setAttribute("cx", at.x);
    dot.setAttribute("cy", at.y);
  }
};
for (const timer of document.querySelectorAll("[data-started]")) {
  const started = Number(timer.dataset.started) * 1000;
  const planned = 60 * Number(timer.dataset.planned || 0);
  const clock = timer.querySelector("[data-clock]");
  const over = document.querySelector("[data-over]");
  const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
  const show = () => {
    const gone = Math.max(0, Math.floor((Date.now() - started) / 1000));
    const seconds = planned ? Math.abs(planned - gone) : gone;
    const h = Math.floor(seconds / 3600), m = Math.floor(seconds / 60) % 60, s = seconds % 60;
    const past = planned && gone > planned;
    clock.textContent = (past ? "+" : "") + (h ? h + ":" + String(m).padStart(2, "0") : m) + ":" + String(s).padStart(2, "0");
    if (over) over.hidden = !past;
    if (planned && (!still || gone % 60 === 0)) curve(Math.min(1, gone / planned));
  };
  show();
  if (planned) curve(Math.min(1, (Date.now() - started) / 1000 / planned));
  setInterval(show, 1000);
}

// A form that is on its way is not sent again by an impatient thumb; the server would not act twice.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if ("stays" in form.dataset) return; // it answers with a file, and the page stays
  if (form.dataset.sent) { event.preventDefault(); return; }
  form.dataset.sent = "yes";
  form.setAttribute("aria-busy", "true");
});
window.addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sent]")) {
    delete form.dataset.sent;
    form.removeAttribute("aria-busy");
  }
});

// A link to what lies folded unfolds it, in browsers that do not by themselves.
for (const link of document.querySelectorAll('main a[href^="#"]')) {
  link.addEventListener("click", () => {
    const fold = document.querySelector(link.hash).closest("details");
    if (fold) fold.open = true;
  });
}

