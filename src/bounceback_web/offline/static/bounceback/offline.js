// Ticks and card answers work while the app is not there: they wait in the browser, each with its
// key, and are sent in order when it is back. Sent twice, they act once.
"use strict";
const QUEUE = "waiting";

const shop = new Promise((resolve, reject) => {
  const asked = indexedDB.open("bounceback", 1);
  asked.onupgradeneeded = () => asked.result.createObjectStore(QUEUE, { autoIncrement: true });
  asked.onsuccess = () => resolve(asked.result);
  asked.onerror = () => reject(asked.error);
});

async function store(mode, act) {
  const db = await shop;
  return new Promise((resolve, reject) => {
    const turn = db.transaction(QUEUE, mode, { durability: "strict" });
    const asked = act(turn.objectStore(QUEUE));
    turn.oncomplete = () => resolve(asked.result);
    turn.onerror = turn.onabort = () => reject(turn.error);
  });
}

let waits = false; // whether the page says that something waits

// An entry that was refused (its numbers can't be) stays until the student has looked at it.
async function ready() {
  const all = await store("readonly", (box) => box.getAll());
  return all.filter((one) => !one.refused).length;
}

async function firstRefused() {
  for (const key of await store("readonly", (box) => box.getAllKeys())) {
    const entry = await store("readonly", (box) => box.get(key));
    if (entry?.refused) return [key, entry];
  }
  return null;
}

// Open a refused entry where its page says what is wrong, with everything that was typed.
async function openRefused() {
  const found = await firstRefused();
  if (!found) return;
  const [key, { action, fields }] = found;
  const current = await fresh(fields); // throws where the app is not there: the entry stays
  const form = document.createElement("form");
  form.method = "post";
  form.setAttribute("action", action);
  for (const [name, value] of current) {
    const field = document.createElement("input");
    field.type = "hidden";
    field.name = name;
    field.value = value;
    form.append(field);
  }
  document.body.append(form);
  await store("readwrite", (box) => box.delete(key));
  HTMLFormElement.prototype.submit.call(form);
}

function say(words, opens = false) {
  let note = document.querySelector("[data-waiting]");
  if (!note) {
    note = document.createElement("div");
    note.className = "message";
    note.dataset.waiting = "";
    note.setAttribute("role", "status");
    document.querySelector("main").prepend(note);
  }
  const text = document.createElement("p");
  text.textContent = words;
  note.replaceChildren(text);
  if (opens) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "link";
    button.textContent = "Open it";
    button.addEventListener("click", () => openRefused().catch(() => {}));
    note.append(button);
  }
  note.hidden = !words;
}

async function send({ action, fields }) {
  return fetch(action, {
    method: "POST",
    body: new URLSearchParams(fields),
    redirect: "manual",
    signal: AbortSignal.timeout(15000),
  });
}

async function fresh(fields) {
  // A token of another day: the page that is there now has a good one.
  const text = await (await fetch("/support/", { cache: "no-store" })).text();
  const token = JSON.parse(new DOMParser().parseFromString(text, "text/html").body.getAttribute("hx-headers"))["X-CSRFToken"];
  return fields.map(([name, value]) => [name, name === "csrfmiddlewaretoken" ? token : value]);
}

let sending = null;
function flush() {
  sending ??= sendAll().finally(() => { sending = null; });
  return sending;
}

async function sendAll() {
  let sent = 0, refused = 0, last = 0;
  try {
    for (;;) {
      const [key] = await store("readonly", (box) => box.getAllKeys(IDBKeyRange.lowerBound(last, true), 1));
      if (key === undefined) break;
      last = key;
      const waiting = await store("readonly", (box) => box.get(key));
      if (waiting.refused) continue;
      let answer = await send(waiting);
      if (answer.status === 403) answer = await send({ ...waiting, fields: await fresh(waiting.fields) });
      const taken = answer.type === "opaqueredirect" || answer.ok;
      if (!taken && answer.status >= 500) break;
      if (!taken) refused += 1;
      if (taken || waiting.behind) await store("readwrite", (box) => box.delete(key));
      else await store("readwrite", (box) => box.put({ ...waiting, refused: true }, key));
      if (taken && !waiting.behind) sent += 1;
    }
  } catch {
    // Not there yet; it is tried again.
  }
  const left = await ready();
  const waited = waits;
  waits = left > 0;
  if (left) say(`${left} ${left === 1 ? "entry is" : "entries are"} saved on this device until Bounceback runs again. You can go on.`);
  else if (await firstRefused()) say("One entry needs a look before it can be saved. It’s still on this device.", true);
  else if (refused) say("Bounceback is running again. One entry could not be saved. Please check Today.");
  else if (sent || waited) say("Bounceback is running again. Your entries have been saved. Reload to see them.");
}

document.addEventListener("submit", async (event) => {
  const form = event.target;
  if (!("queue" in form.dataset) || event.defaultPrevented) return;
  event.preventDefault();
  const fields = [...new FormData(form, event.submitter).entries()].map(([name, value]) => [name, String(value)]);
  const action = new URL(form.getAttribute("action"), location.href).href; // form.action may be a button
  if (!(await ready())) {
    try {
      const answer = await send({ action, fields });
      if (answer.type === "opaqueredirect") { location.assign(form.dataset.then || location.pathname); return; }
      form.dataset.sent = ""; // not taken as it is: the page shall say why
      delete form.dataset.queue;
      form.requestSubmit(event.submitter);
      return;
    } catch {
      // Not there: it waits.
    }
  }
  await store("readwrite", (box) => box.add({ action, fields }));
  form.dispatchEvent(new CustomEvent("waiting", { bubbles: true }));
  await flush();
});

// A page that goes on at once gives its form to the queue, which sends it behind what is shown.
document.addEventListener("send-behind", async (event) => {
  const { action, fields, done } = event.detail;
  await store("readwrite", (box) => box.add({ action, fields, behind: true }));
  await flush();
  let left = await ready();
  if (left) { await flush(); left = await ready(); } // added while it ended
  done(left === 0);
});

// On Today the form of a logged session is disabled until its entry has been sent.
document.addEventListener("waiting", (event) => {
  if (event.target.dataset.queue === "tick") {
    for (const button of event.target.querySelectorAll("button")) { button.disabled = true; button.textContent = "Saved on this device"; }
  }
  if (event.target.dataset.queue === "sheet") location.assign(event.target.dataset.then);
});

window.addEventListener("online", flush);
setInterval(flush, 5000);
flush();
if ("serviceWorker" in navigator) {
  navigator.serviceWorker.register("/worker.js").catch((fault) => {
    if (fault.name !== "AbortError") throw fault; // the page was left meanwhile; the next one asks
  });
}
