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

function say(words) {
  let note = document.querySelector("[data-waiting]");
  if (!note) {
    note = document.createElement("p");
    note.className = "message";
    note.dataset.waiting = "";
    note.setAttribute("role", "status");
    document.querySelector("main").prepend(note);
  }
  note.textContent = words;
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
  let sent = 0, refused = 0;
  try {
    for (;;) {
      const [key] = await store("readonly", (box) => box.getAllKeys(null, 1));
      if (key === undefined) break;
      const waiting = await store("readonly", (box) => box.get(key));
      let answer = await send(waiting);
      if (answer.status === 403) answer = await send({ ...waiting, fields: await fresh(waiting.fields) });
      if (answer.type !== "opaqueredirect" && !answer.ok && answer.status >= 500) break;
      if (answer.type !== "opaqueredirect" && !answer.ok) refused += 1;
      await store("readwrite", (box) => box.delete(key));
      if (!waiting.behind) sent += 1;
    }
  } catch {
    // Not there yet; it is tried again.
  }
  const left = await store("readonly", (box) => box.count());
  const waited = waits;
  waits = left > 0;
  if (left) say(`${left} ${left === 1 ? "entry is" : "entries are"} saved on this device until Bounceback runs again. You can go on.`);
  else if (refused) say("Bounceback is running again. One entry could not be saved. Please check Today.");
  else if (sent || waited) say("Bounceback is running again. Your entries have been saved. Reload to see them.");
}

document.addEventListener("submit", async (event) => {
  const form = event.target;
  if (!("queue" in form.dataset) || event.defaultPrevented) return;
  event.preventDefault();
  const fields = [...new FormData(form, event.submitter).entries()].map(([name, value]) => [name, String(value)]);
  const action = form.action;
  const waits = await store("readonly", (box) => box.count());
  if (!waits) {
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
  let left = await store("readonly", (box) => box.count());
  if (left) { await flush(); left = await store("readonly", (box) => box.count()); } // added while it ended
  done(left === 0);
});

// On Today the form of a logged session is disabled until its entry has been sent.
document.addEventListener("waiting", (event) => {
  if (event.target.dataset.queue === "tick") {
    for (const button of event.target.querySelectorAll("button")) { button.disabled = true; button.textContent = "Saved on this device"; }
  }
});

window.addEventListener("online", flush);
setInterval(flush, 5000);
flush();
if ("serviceWorker" in navigator) {
  navigator.serviceWorker.register("/worker.js").catch((fault) => {
    if (fault.name !== "AbortError") throw fault; // the page was left meanwhile; the next one asks
  });
}
