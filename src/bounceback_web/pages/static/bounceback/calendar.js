// A session is taken by its grip to another day of the week, by pointer, finger or arrow keys.
// What that changes is shown before it is kept: the drop sends the form that stands in the session.
"use strict";
const days = [...document.querySelectorAll("[data-day]")];
const told = document.querySelector("[data-told]");
let held = null; // the session being moved, while one is

const dayOf = (session) => session.closest("[data-day]");

const aim = (day) => {
  if (!held || held.over === day) return;
  held.over?.classList.remove("is-aim");
  held.over = day;
  day?.classList.add("is-aim");
};

const take = (session, keys) => {
  held = { session, from: dayOf(session), over: null, keys };
  session.classList.add("is-held");
  session.querySelector("[data-grip]").setAttribute("aria-pressed", "true");
  aim(held.from);
};

const letGo = () => {
  if (!held) return;
  held.over?.classList.remove("is-aim");
  held.session.classList.remove("is-held");
  held.session.style.transform = "";
  held.session.querySelector("[data-grip]").setAttribute("aria-pressed", "false");
  held = null;
};

const drop = () => {
  const { session, from, over } = held;
  letGo();
  if (!over || over === from) return;
  const form = session.querySelector("[data-move]");
  form.elements.day.value = over.dataset.day;
  form.requestSubmit();
};

// The page follows a pointer at its edge.
const EDGE = 72;
const follow = () => {
  if (!held || held.keys) return;
  const y = held.y ?? 0;
  const step = y < EDGE ? -12 : y > innerHeight - EDGE ? 12 : 0;
  if (step) { scrollBy(0, step); place(); }
  requestAnimationFrame(follow);
};

const place = () => {
  held.session.style.transform =
    `translate(${held.x - held.x0}px, ${held.y + scrollY - held.y0}px)`;
  const under = document.elementsFromPoint(held.x, held.y);
  aim(under.map((one) => one.closest("[data-day]")).find((day) => day && day !== held.from) ??
    (under.some((one) => one.closest("[data-day]") === held.from) ? held.from : null));
};

for (const grip of document.querySelectorAll("[data-grip]")) {
  const session = grip.closest("[data-session]");
  grip.hidden = false;
  grip.setAttribute("aria-pressed", "false");

  grip.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    letGo();
    grip.setPointerCapture(event.pointerId);
    take(session, false);
    Object.assign(held, { x: event.clientX, y: event.clientY, x0: event.clientX, y0: event.clientY + scrollY });
    requestAnimationFrame(follow);
  });
  grip.addEventListener("pointermove", (event) => {
    if (!held || held.keys || held.session !== session) return;
    held.moved = held.moved || Math.hypot(event.clientX - held.x0, event.clientY + scrollY - held.y0) > 6;
    held.x = event.clientX;
    held.y = event.clientY;
    if (held.moved) place();
  });
  grip.addEventListener("pointerup", () => {
    if (!held || held.keys || held.session !== session) return;
    session.dataset.dragged = held.moved ? "yes" : "";
    if (held.moved) drop(); else letGo();
  });
  grip.addEventListener("pointercancel", letGo);

  // Pressed, by key or by tap, it is held until the next press; arrows choose the day.
  grip.addEventListener("click", () => {
    if (session.dataset.dragged === "yes") { session.dataset.dragged = ""; return; }
    if (held && held.session === session) { drop(); return; }
    letGo();
    take(session, true);
    told.textContent = "Choose the day with the arrow keys, then press again. Press Escape to cancel.";
  });
  grip.addEventListener("keydown", (event) => {
    if (!held || !held.keys || held.session !== session) return;
    const step = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    const next = days[days.indexOf(held.over) + step];
    if (!next) return;
    aim(next);
    told.textContent = next.dataset.words;
    next.scrollIntoView({ block: "nearest" });
  });
  grip.addEventListener("blur", () => { if (held?.keys) letGo(); });
}

// Held after a press, a session also goes to a day that is tapped.
for (const day of days) {
  day.addEventListener("pointerdown", (event) => {
    if (held?.keys && !event.target.closest("[data-grip]")) { aim(day); event.preventDefault(); drop(); }
  });
}
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && held) { letGo(); told.textContent = "Canceled. Nothing moved."; }
});
for (const help of document.querySelectorAll("[data-grip-help]")) {
  help.hidden = days.length === 0 || !document.querySelector("[data-grip]");
}
