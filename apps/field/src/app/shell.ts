function containerOf(): ServiceWorkerContainer | undefined {
  // Missing on pages that are not secure, whatever the types say.
  return (navigator as { serviceWorker?: ServiceWorkerContainer }).serviceWorker;
}

/** Has the browser keep the app itself, so that it opens without a signal. */
export function keepShell(): void {
  const container = containerOf();
  if (container === undefined || !import.meta.env.PROD) return;
  // After the first screen: keeping must not slow down what the person waits for.
  const register = (): void => {
    void container.register(new URL('worker.js', document.baseURI)).catch(() => undefined);
  };
  if (document.readyState === 'complete') register();
  else addEventListener('load', register, { once: true });
}

/** Has the browser keep what is needed later, the scanner above all, while there is a signal. */
export async function keepLater(): Promise<void> {
  const container = containerOf();
  if (container === undefined || !import.meta.env.PROD) return;
  const registration = await container.ready;
  // Slices of the face that came before the worker was there to keep them.
  const faces = performance
    .getEntriesByType('resource')
    .map(({ name }) => name)
    .filter((name) => name.endsWith('.woff2'));
  registration.active?.postMessage({ faces });
}

/** Opens the page again in its newest version. */
export async function openAgain(): Promise<void> {
  const registration = await containerOf()?.getRegistration();
  await registration?.update().catch(() => undefined);
  location.reload();
}
