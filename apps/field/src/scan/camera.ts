import { Fault } from '../../../../adapters/fault.ts';
import { type ScanCode, scanCodes } from './codes.ts';

/** Extensions of the camera that TypeScript's library does not know; phones have them. */
interface Torch {
  readonly torch?: boolean;
}

/** SN-4. The camera that looks away from the person, at a size in which a label is readable. */
export async function openCamera(): Promise<MediaStream> {
  // Typed as always there, and missing on pages that are not secure and in old browsers.
  const devices = navigator.mediaDevices as MediaDevices | undefined;
  if (devices === undefined)
    throw cameraFault(isSecureContext ? 'scan.no-camera' : 'scan.not-secure');
  try {
    const stream = await devices.getUserMedia({
      audio: false,
      video: {
        facingMode: { ideal: 'environment' },
        width: { ideal: 1280 },
        height: { ideal: 720 },
      },
    });
    await focusContinuously(stream);
    return stream;
  } catch (error) {
    throw cameraFault(codeOf(error), error);
  }
}

/** SN-4. Light for a dark stairwell, where the camera has one. */
export function hasTorch(stream: MediaStream): boolean {
  const [track] = stream.getVideoTracks();
  return (track?.getCapabilities?.() as Torch | undefined)?.torch === true;
}

/** SN-4. Turns the light on or off. */
export async function setTorch(stream: MediaStream, on: boolean): Promise<void> {
  const [track] = stream.getVideoTracks();
  const constraint: MediaTrackConstraintSet & Torch = { torch: on };
  await track?.applyConstraints({ advanced: [constraint] });
}

/** A fault in the words of `scanCodes`. */
export function cameraFault(code: ScanCode, cause?: unknown): Fault {
  return new Fault(code, scanCodes[code].en, { retry: 'later', cause });
}

/** Names as in the Media Capture specification, 10.3 getUserMedia(). */
function codeOf(error: unknown): ScanCode {
  const name = error instanceof DOMException ? error.name : '';
  if (name === 'NotAllowedError' || name === 'SecurityError') return 'scan.camera-denied';
  if (name === 'NotReadableError' || name === 'AbortError') return 'scan.camera-busy';
  return 'scan.no-camera';
}

/** Cameras without the choice refuse the wish, which is no reason to do without the picture. */
async function focusContinuously(stream: MediaStream): Promise<void> {
  const [track] = stream.getVideoTracks();
  const constraint: MediaTrackConstraintSet & { focusMode?: string } = { focusMode: 'continuous' };
  try {
    await track?.applyConstraints({ advanced: [constraint] });
  } catch {
    // It focuses as it will.
  }
}
