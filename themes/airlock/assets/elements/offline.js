// Starts the service worker, and tells it what this page is made of.
export async function readOffline() {
  if (!("serviceWorker" in navigator) || !/^https?:$/.test(location.protocol)) return;
  try {
    // This file is in assets/bundle/ below the site's root.
    await navigator.serviceWorker.register(new URL("../../sw.js", import.meta.url));
    const { active } = await navigator.serviceWorker.ready;
    const loaded = performance.getEntriesByType("resource").map((entry) => entry.name);
    active.postMessage({ keep: [location.href.split("#")[0], ...loaded] });
  } catch {
    // Without it the page reads as long as there is a connection.
  }
}
