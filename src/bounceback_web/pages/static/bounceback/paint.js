// Paint over a grid of checkboxes by pointer or finger; arrow keys go from cell to cell. Sums follow.
// Without this file every cell is a checkbox of its own.
"use strict";
for (const grid of document.querySelectorAll("[data-paint]")) {
  const cells = [...grid.querySelectorAll("tbody input[type=checkbox]")];
  const across = grid.querySelectorAll("tbody tr:first-child input").length;
  const sums = grid.querySelectorAll("[data-sum]");
  const total = document.querySelector("[data-week-sum]");

  const show = () => {
    let all = 0;
    sums.forEach((sum, column) => {
      const n = cells.filter((cell, i) => i % across === column && cell.checked).length;
      sum.textContent = n;
      all += n;
    });
    if (total) total.textContent = `${all} ${all === 1 ? "hour" : "hours"} a week.`;
  };

  let painting = null; // the state that the pointer paints, while it is down
  let first = null; // the cell it was pressed on: a tap turns that one by its own click
  const cellAt = (event) => {
    const under = document.elementFromPoint(event.clientX, event.clientY);
    return under?.closest("[data-paint] label")?.querySelector("input[type=checkbox]");
  };
  const paint = (cell) => {
    if (!cell || cell.checked === painting || !grid.contains(cell)) return;
    cell.checked = painting;
    cell.dispatchEvent(new Event("change", { bubbles: true }));
  };
  // A finger that goes sideways paints, one that goes up or down scrolls.
  grid.addEventListener("pointerdown", (event) => {
    const cell = event.target.closest("label")?.querySelector("input[type=checkbox]");
    if (!cell || event.button !== 0) return;
    painting = !cell.checked;
    first = cell;
    if (event.pointerType === "mouse") { event.preventDefault(); paint(cell); cell.focus({ preventScroll: true }); }
  });
  grid.addEventListener("pointermove", (event) => {
    if (painting === null) return;
    if (event.target.hasPointerCapture?.(event.pointerId)) event.target.releasePointerCapture(event.pointerId);
    const cell = cellAt(event);
    if (!cell || cell === first) return;
    paint(first);
    paint(cell);
  });
  const stop = () => { painting = null; };
  addEventListener("pointerup", stop);
  addEventListener("pointercancel", stop);
  // The mouse has painted at its press: the click that follows must not turn the cell back.
  grid.addEventListener("click", (event) => {
    if (event.detail > 0 && event.pointerType === "mouse" && event.target.closest("label")) event.preventDefault();
  });
  grid.addEventListener("keydown", (event) => {
    const at = cells.indexOf(event.target);
    const step = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: across, ArrowUp: -across }[event.key];
    if (at < 0 || !step || !cells[at + step]) return;
    event.preventDefault();
    cells[at + step].focus();
  });
  grid.addEventListener("change", show);
  show();
}

// How far in a bank, in its own questions where its size is known.
const used = document.querySelector("#used");
if (used) {
  const told = document.querySelector("[data-used]");
  const show = () => {
    const bank = document.querySelector("[name=bank]:checked");
    const units = Number(bank?.dataset.units || document.querySelector("#units")?.value.replace(/\D/g, "") || 0);
    const done = Math.round(units * used.value / 100);
    told.textContent = units ? `${done.toLocaleString("en-US")} of ${units.toLocaleString("en-US")}` : `${used.value}% used`;
  };
  addEventListener("input", show);
  show();
}

// A wrong answer is looked at first.
document.querySelector("[data-faults]")?.focus();
