import type { BarcodeReader } from './look.ts';

/**
 * SN-1. The browser's own detector when it reads all three kinds, else zxing. The latter comes as
 * a chunk of its own from our own origin and is fetched only by devices that need it.
 */
export async function openReader(avoidNative = false): Promise<BarcodeReader> {
  if (!avoidNative) {
    const { openNative } = await import('./native.ts');
    const native = await openNative();
    if (native !== null) return native;
  }
  const { openZxing } = await import('./zxing.ts');
  return openZxing();
}
