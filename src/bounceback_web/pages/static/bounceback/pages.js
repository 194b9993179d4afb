// Small comforts. Every page works without this file.
"use strict";
document.documentElement.classList.remove("no-script");

// The browser's own zone, proposed where a zone is asked for.
for (const field of document.querySelectorAll("[data-zone]")) {
  if (!field.value) field.value = Intl.DateTimeFormat().resolvedOptions().timeZone || "";
}

// The timer counts from the moment the server wrote down, so reload and sleep change nothing.
for (const timer of document.querySelectorAll("[data-started]")) {
  const started = Number(timer.dataset.started) * 1000;
  const clock = timer.querySelector("[data-clock]");
  const minutes = timer.closest("form").querySelector("[data-minutes]");
  let typed = false;
  minutes.addEventListener("input", () => { typed = true; });
  const show = () => {
    const seconds = Math.max(0, Math.floor((Date.now() - started) / 1000));
    const h = Math.floor(seconds / 3600), m = Math.floor(seconds / 60) % 60, s = seconds % 60;
    clock.textContent = (h ? h + ":" + String(m).padStart(2, "0") : m) + ":" + String(s).padStart(2, "0");
    if (!typed) minutes.value = Math.max(1, Math.round(seconds / 60));
  };
  show();
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

