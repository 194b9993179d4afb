// One reminder a day at the chosen time, while a page is open. The app says what, or nothing at all.
"use strict";
const LATE_MINUTES = 10; // a page that opens later needs no reminder: the student is here

const minutesOf = (clock) => {
  const [hours, minutes] = clock.split(":").map(Number);
  return 60 * hours + minutes;
};

async function remind() {
  const at = document.body.dataset.reminder;
  if (!at || !("Notification" in window) || Notification.permission !== "granted") return;
  const now = new Date();
  const late = 60 * now.getHours() + now.getMinutes() - minutesOf(at);
  const day = `${now.getFullYear()}-${now.getMonth() + 1}-${now.getDate()}`;
  if (late < 0 || late > LATE_MINUTES || localStorage.getItem("reminded") === day) return;
  localStorage.setItem("reminded", day); // once for all tabs
  const answer = await fetch("/today/reminder/", { cache: "no-store" });
  if (!answer.ok) return;
  const { text } = await answer.json();
  if (!text) return; // a day off, or everything is done
  const worker = await navigator.serviceWorker?.getRegistration();
  const options = { body: text, tag: "bounceback-day", icon: document.querySelector("link[rel=apple-touch-icon]")?.href };
  if (worker) await worker.showNotification("Bounceback", options);
  else new Notification("Bounceback", options);
}
if (document.body.dataset.reminder) {
  remind().catch(() => {});
  setInterval(() => remind().catch(() => {}), 30000);
}

// The browser asks for leave when the reminder is turned on, and not before.
for (const form of document.querySelectorAll("[data-reminder-form]")) {
  const note = form.querySelector("[data-reminder-note]");
  if (!("Notification" in window)) note.textContent = "This browser can’t show notifications. The alarm in your calendar works.";
  form.addEventListener("submit", (event) => {
    if (form.dataset.asked || event.submitter?.value === "off" || !("Notification" in window)) return;
    if (Notification.permission !== "default") return;
    event.preventDefault();
    event.stopImmediatePropagation();
    form.dataset.asked = "yes";
    Notification.requestPermission().finally(() => form.requestSubmit(event.submitter));
  }, true);
  if ("Notification" in window && Notification.permission === "denied") {
    note.textContent = "Notifications are blocked for this page. Allow them in your browser, or use the alarm in your calendar.";
  }
}
