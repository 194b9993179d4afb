// The date line under a finger, a pointer or the keys. Everything it says came with the page, so a
// move asks nobody. Without this file the list of dates does the same.
"use strict";
(() => {
  const SVG = "http://www.w3.org/2000/svg";
  const root = document.querySelector("[data-date-line]");
  const values = document.getElementById("date-line-values");
  if (!root || !values) return;
  const byDay = JSON.parse(values.textContent);
  const days = Object.keys(byDay).sort();
  const area = root.querySelector("[data-line]");
  const readout = document.querySelector("[data-readout]");
  const part = (name) => readout.querySelector(`[data-r=${name}]`);
  const live = document.querySelector("[data-r=live]");
  const mine = days.includes(root.dataset.mine) ? root.dataset.mine : "";
  const suggested = days.includes(root.dataset.suggested) ? root.dataset.suggested : "";
  const drawings = [...area.querySelectorAll("svg")].map((svg) => ({ svg, ...geometry(svg) }));
  let at = "", trying = false, speaking = 0;

  function geometry(svg) {
    const columns = [...svg.querySelectorAll(".dl-column")].map((group) => ({
      day: group.dataset.day, x: Number(group.dataset.x), group,
      dots: [...group.querySelectorAll(".on, .off")], kind: group.getAttribute("class"),
    }));
    for (const column of columns) column.radii = column.dots.map((dot) => dot.getAttribute("r"));
    const radius = Number(svg.dataset.radius), base = Number(svg.dataset.base);
    for (const old of svg.querySelectorAll(".dl-handle, .dl-handle-dot, .dl-added")) old.remove();
    const layer = make("g", { class: "dl-finger" });
    layer.setAttribute("hidden", "");
    const added = make("line", { class: "dl-added", y1: base, y2: base });
    const handle = make("g", {});
    handle.append(make("circle", { class: "dl-handle", cy: base, r: 11 }), make("circle", { class: "dl-handle-dot", cy: base, r: 2.5 }));
    const tip = make("g", {});
    const box = make("rect", { class: "dl-tip", y: 36, height: 24, rx: 6 });
    const text = make("text", { class: "dl-tip-text", y: 53, "text-anchor": "middle" });
    tip.append(box, text);
    layer.append(added, handle, tip);
    svg.append(layer);
    return { columns, radius, base, layer, added, handle, tip, box, text };
  }

  function make(name, attributes) {
    const element = document.createElementNS(SVG, name);
    for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
    return element;
  }

  function draw() {
    for (const d of drawings) {
      for (const column of d.columns) {
        const here = column.day === at;
        column.group.setAttribute("class", here ? "dl-column is-finger" : column.kind.replace(" is-finger", ""));
        column.dots.forEach((dot, i) => dot.setAttribute("r", here ? (d.radius * 1.1).toFixed(2) : column.radii[i]));
      }
      const column = d.columns.find((one) => one.day === at) || nearest(d, at);
      if (!at || !column) { d.layer.setAttribute("hidden", ""); d.layer.style.display = "none"; continue; }
      d.layer.removeAttribute("hidden");
      d.layer.style.display = "";
      d.handle.setAttribute("transform", `translate(${column.x} 0)`);
      d.text.textContent = `${byDay[at].short} · ${byDay[at].passing}`;
      const wide = d.svg.viewBox.baseVal.width;
      const half = d.text.textContent.length * 3.9 + 10;
      const x = Math.min(Math.max(column.x, half), wide - half);
      d.text.setAttribute("x", x);
      d.box.setAttribute("x", x - half);
      d.box.setAttribute("width", 2 * half);
      const from = d.columns.find((one) => one.day === mine);
      const shows = trying && from && column.x > from.x;
      d.added.style.display = shows ? "" : "none";
      if (shows) { d.added.setAttribute("x1", from.x + 8); d.added.setAttribute("x2", column.x - 12); }
    }
  }

  // A Friday that a named date of the same week replaces in the drawing is shown at that date.
  function nearest(d, day) {
    const when = Date.parse(day);
    return d.columns.reduce((best, one) => (!best || Math.abs(Date.parse(one.day) - when) < Math.abs(Date.parse(best.day) - when) ? one : best), null);
  }

  function show(day, tries = false) {
    at = day; trying = tries && day !== mine;
    const value = byDay[day];
    area.setAttribute("aria-valuenow", String(days.indexOf(day)));
    area.setAttribute("aria-valuetext", value.text);
    part("day").textContent = value.day;
    part("away").textContent = value.away;
    part("rows").replaceChildren(...value.rows.map(([name, said]) => {
      const pair = document.createElement("div"), term = document.createElement("dt"), text = document.createElement("dd");
      term.textContent = name; text.textContent = said;
      pair.append(term, text);
      return pair;
    }));
    part("use").hidden = value.mine;
    part("use").elements.date.value = day;
    if (part("try")) { part("try").hidden = value.mine || trying; part("try").setAttribute("href", `?date=${day}&try=1`); }
    part("note").hidden = !trying;
    readout.classList.toggle("is-trying", trying);
    readout.hidden = false;
    draw();
    clearTimeout(speaking);
    speaking = setTimeout(() => { live.textContent = `${value.text} ${value.rows.map((row) => row.join(": ")).join(". ")}`; }, 300);
  }

  function rest() {
    at = ""; trying = false;
    readout.hidden = true;
    readout.classList.remove("is-trying");
    const day = mine || suggested || days[0];
    area.setAttribute("aria-valuenow", String(days.indexOf(day)));
    area.setAttribute("aria-valuetext", byDay[day].text);
    draw();
  }

  const step = (by) => {
    const now = days.indexOf(at || mine || suggested || days[0]);
    show(days[Math.min(days.length - 1, Math.max(0, now + by))], trying);
  };
  const keys = {
    ArrowLeft: () => step(-1), ArrowDown: () => step(-1), ArrowRight: () => step(1), ArrowUp: () => step(1),
    PageDown: () => step(-4), PageUp: () => step(4),
    Home: () => show(mine || days[0]), End: () => show(suggested || days[days.length - 1]),
    t: () => at && show(at, true), Escape: rest,
    Enter: () => { const first = [...readout.querySelectorAll("a, button")].find((one) => !one.closest("[hidden]")); if (at && first) first.focus(); },
  };

  area.setAttribute("role", "slider");
  area.tabIndex = 0;
  area.setAttribute("aria-label", "Test date");
  area.setAttribute("aria-valuemin", "0");
  area.setAttribute("aria-valuemax", String(days.length - 1));
  area.addEventListener("keydown", (event) => {
    const act = keys[event.key];
    if (!act || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    act();
  });

  function underPointer(event) {
    const d = drawings.find((one) => one.svg.getBoundingClientRect().width > 0);
    if (!d || !d.columns.length) return;
    const box = d.svg.getBoundingClientRect();
    const x = ((event.clientX - box.left) / box.width) * d.svg.viewBox.baseVal.width;
    const column = d.columns.reduce((best, one) => (Math.abs(one.x - x) < Math.abs(best.x - x) ? one : best));
    if (column.day !== at) show(column.day, trying);
  }
  let down = false;
  area.addEventListener("pointerdown", (event) => {
    if (event.button) return;
    down = true;
    area.setPointerCapture(event.pointerId);
    underPointer(event);
  });
  area.addEventListener("pointermove", (event) => { if (down) underPointer(event); });
  for (const end of ["pointerup", "pointercancel"]) area.addEventListener(end, () => { down = false; });

  document.addEventListener("click", (event) => {
    const link = event.target.closest("[data-r=try], [data-r=cancel], [data-try], [data-compare]");
    if (!link) return;
    if (link.matches("[data-r=try]")) { event.preventDefault(); show(at, true); }
    if (link.matches("[data-r=cancel]")) { event.preventDefault(); rest(); area.focus(); }
    if (link.matches("[data-try]") && byDay[link.dataset.try]) {
      event.preventDefault();
      show(link.dataset.try, true);
      area.scrollIntoView({ block: "center" });
      area.focus({ preventScroll: true });
    }
    if (link.matches("[data-compare]")) { event.preventDefault(); compare(link); }
  });

  // On a phone two dates stand side by side; a chip changes the second.
  function compare(link) {
    const side = link.closest("[data-side]");
    const wanted = Number(link.dataset.compare);
    for (const row of side.querySelectorAll("tr")) {
      const cells = [...row.children].slice(1);
      const first = cells.findIndex((cell, i) => side.querySelector(`[data-compare="${i + 1}"]`) === null);
      cells.forEach((cell, i) => cell.classList.toggle("is-other", i !== first && i + 1 !== wanted));
    }
    for (const chip of side.querySelectorAll("[data-compare]")) chip.toggleAttribute("aria-current", chip === link);
    link.setAttribute("aria-current", "true");
  }

  const given = new URLSearchParams(location.search);
  if (byDay[given.get("date")]) show(given.get("date"), given.get("try") === "1");
  else rest();
})();
