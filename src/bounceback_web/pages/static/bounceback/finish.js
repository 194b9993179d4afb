// The finish sheet by thumb: steppers, causes that count taps. Without this file the fields are typed.
"use strict";
const form = document.querySelector("[data-finish]");
const count = (input) => Math.max(0, Number.parseInt(input.value, 10) || 0);
const soFar = form.querySelector("[data-so-far]");

function show() {
  let all = 0;
  for (const counter of form.querySelectorAll("[data-counter]")) {
    const n = count(counter.querySelector("input"));
    all += n;
    counter.classList.toggle("has-count", n > 0);
    counter.querySelector("button").hidden = n === 0;
  }
  if (soFar) soFar.textContent = all ? `${all} so far` : "";
}

for (const button of form.querySelectorAll("[data-step]")) {
  if (!button.closest("[data-counter]")) button.hidden = false;
  const input = document.getElementById(button.dataset.for);
  button.addEventListener("click", () => {
    const next = count(input) + Number(button.dataset.step);
    input.value = next > 0 || !button.closest("[data-counter]") ? Math.max(0, next) : "";
    show();
    if (button.hidden) input.focus();
  });
}
for (const label of form.querySelectorAll("[data-counter] label")) {
  const input = document.getElementById(label.htmlFor);
  label.addEventListener("click", (event) => {
    event.preventDefault();
    input.value = count(input) + 1;
    show();
  });
  input.addEventListener("keydown", (event) => {
    const step = { ArrowUp: 1, "+": 1, ArrowDown: -1, "-": -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    const next = count(input) + step;
    input.value = next > 0 ? next : "";
    show();
  });
  input.addEventListener("input", show);
}
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") form.querySelector("[data-close]").click();
});
show();
