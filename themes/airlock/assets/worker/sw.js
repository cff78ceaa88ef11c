// The service worker: a page that was visited once reads without a connection. It never touches the API: answers are
// kept by the quiz itself and handed in when there is a connection.
const CACHE = "airlock-1";
const MOST = 400;
const PATIENCE = 4000; // Milliseconds to wait for a slow network when there is a kept copy.
const NAMED_BY_CONTENT = /\/(assets\/(bundle|stylesheets)|pagefind\/(fragment|index))\//;

self.addEventListener("install", () => self.skipWaiting());

self.addEventListener("activate", (event) => {
  const clean = async () => {
    for (const name of await caches.keys()) {
      if (name.startsWith("airlock-") && name !== CACHE) await caches.delete(name);
    }
    await self.clients.claim();
  };
  event.waitUntil(clean());
});

/** Puts a copy away, and lets the oldest ones go. */
async function keep(request, response) {
  if (!response.ok || response.redirected) return;
  const cache = await caches.open(CACHE);
  await cache.put(request, response);
  const kept = await cache.keys();
  for (const old of kept.slice(0, Math.max(0, kept.length - MOST))) await cache.delete(old);
}

// A page tells what it is made of: what it loaded before this worker was there.
self.addEventListener("message", (event) => {
  const fetchAll = async () => {
    const cache = await caches.open(CACHE);
    for (const url of event.data?.keep ?? []) {
      if (!ours(new URL(url)) || (await cache.match(url))) continue;
      await fetch(url)
        .then((response) => keep(url, response))
        .catch(() => {});
    }
  };
  event.waitUntil(fetchAll());
});

function ours(url) {
  return url.origin === self.location.origin && !/^\/(api\/|drafts\/|healthz|readyz|__live)/.test(url.pathname);
}

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || !ours(url)) return;
  event.respondWith(NAMED_BY_CONTENT.test(url.pathname) ? keptFirst(event) : newestFirst(event));
});

async function keptFirst(event) {
  return (await caches.match(event.request)) ?? newestFirst(event);
}

async function newestFirst(event) {
  const { request } = event;
  const fresh = fetch(request).then((response) => {
    event.waitUntil(keep(request, response.clone()).catch(() => {}));
    return response;
  });
  const kept = await caches.match(request, { ignoreSearch: request.mode === "navigate" });
  if (!kept) return fresh;
  const slow = new Promise((resolve) => setTimeout(resolve, PATIENCE, kept));
  return Promise.race([fresh.catch(() => kept), slow]);
}
