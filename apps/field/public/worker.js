// Keeps the app itself on the phone, so that it opens without a signal. What was recorded is not
// its business, and it never touches /v1. The build writes the three names below.
const shell = ['__SHELL__'].flat();
const later = ['__LATER__'].flat();
const present = 'shell-__VERSION__';
const faces = 'faces';

addEventListener('install', (event) => {
  // Files carry a digest of their content in their names, so two versions never mix.
  skipWaiting();
  event.waitUntil(caches.open(present).then((cache) => cache.addAll(shell)));
});

addEventListener('activate', (event) => {
  event.waitUntil(forgetOldShells().then(() => clients.claim()));
});

/** The one before the present is kept: a tab that is still open may ask for parts of it. */
async function forgetOldShells() {
  const names = (await caches.keys()).filter((name) => name.startsWith('shell-'));
  const others = names.filter((name) => name !== present);
  await Promise.all(others.slice(0, -1).map((name) => caches.delete(name)));
}

addEventListener('message', (event) => {
  const { faces: wanted } = event.data;
  if (Array.isArray(wanted)) event.waitUntil(keepFaces(wanted).then(keepLater));
});

async function keepFaces(wanted) {
  const cache = await caches.open(faces);
  for (const url of wanted.filter((each) => each.startsWith(registration.scope))) {
    if ((await caches.match(url)) === undefined) await cache.add(url).catch(() => undefined);
  }
}

/** The scanner, one file after the other: it must not slow down the work on the screen. */
async function keepLater() {
  const cache = await caches.open(present);
  for (const file of later) {
    if ((await cache.match(file)) === undefined) await cache.add(file).catch(() => undefined);
  }
}

addEventListener('fetch', (event) => {
  const { request } = event;
  const url = new URL(request.url);
  const isOwn = url.origin === location.origin && url.href.startsWith(registration.scope);
  if (request.method !== 'GET' || !isOwn) return;
  if (request.mode === 'navigate') event.respondWith(page(request));
  else event.respondWith(part(request, url));
});

async function page(request) {
  const cache = await caches.open(present);
  return (await cache.match('./')) ?? fetch(request);
}

async function part(request, url) {
  const kept = await caches.match(request, { ignoreVary: true });
  if (kept !== undefined) return kept;
  const reply = await fetch(request);
  // Slices of the face for names stay once they were needed.
  if (reply.ok && url.pathname.endsWith('.woff2')) {
    const cache = await caches.open(faces);
    await cache.put(request, reply.clone());
  }
  return reply;
}
