// Pages come from the app; where it is not there, the last copy of them is shown. Nothing is sent
// from here: what waits to be sent is the page's own queue (offline.js).
"use strict";
const SHELF = "__SHELF__";
const FILES = ["__FILES__"];
const KEPT = ["/", "/cards/", "/cards/review/", "/support/", "/you/reason/", "/plan/"];

self.addEventListener("install", (event) => {
  event.waitUntil(
    caches.open(SHELF).then((shelf) => shelf.addAll([...FILES, "/away/", "/support/"])).then(() => self.skipWaiting()),
  );
});

self.addEventListener("activate", (event) => {
  event.waitUntil(
    caches.keys()
      .then((names) => Promise.all(names.filter((name) => name !== SHELF).map((name) => caches.delete(name))))
      .then(() => self.clients.claim()),
  );
});

async function page(request, path) {
  const shelf = await caches.open(SHELF);
  try {
    const answer = await fetch(request);
    if (answer.ok && !answer.redirected && KEPT.includes(path)) await shelf.put(path, answer.clone());
    return answer;
  } catch {
    return (await shelf.match(path)) || (await shelf.match("/away/"));
  }
}

// A tap on the reminder opens Today.
self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  event.waitUntil(
    self.clients.matchAll({ type: "window" }).then((open) => (open.length ? open[0].focus() : self.clients.openWindow("/"))),
  );
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const { pathname: path, origin } = new URL(request.url);
  if (request.method !== "GET" || origin !== self.location.origin) return;
  if (request.mode === "navigate") {
    event.respondWith(page(request, path));
  } else if (FILES.includes(path)) {
    event.respondWith(caches.match(path).then((kept) => kept || fetch(request)));
  }
});
