/** One sound: how high, from when and for how long. */
export interface Tone {
  readonly hertz: number;
  readonly afterMs: number;
  readonly forMs: number;
}

/** SN-7. What is heard and felt; told apart with gloves on, in rain and without a look. */
export const signals = {
  right: { tones: [{ hertz: 1320, afterMs: 0, forMs: 90 }], buzzMs: 40 },
  wrong: {
    tones: [
      { hertz: 220, afterMs: 0, forMs: 180 },
      { hertz: 165, afterMs: 220, forMs: 260 },
    ],
    buzzMs: 400,
  },
} as const satisfies Record<string, { readonly tones: readonly Tone[]; readonly buzzMs: number }>;

/** What a browser has for sound and vibration; either may be missing. */
export interface Senses {
  readonly makeAudio: (() => AudioContext) | null;
  readonly vibrate: ((ms: number) => unknown) | null;
}

/** Right and wrong, for the ear and the hand. Never throws: it only ever accompanies a screen. */
export interface Feedback {
  right(): void;
  wrong(): void;
  /** To be called from a tap: browsers give no sound to a page that nobody has touched. */
  wake(): void;
  readonly muted: boolean;
  /** Silences the tones. The buzz stays: it disturbs nobody at a door at night. */
  mute(muted: boolean): void;
}

/** SN-7. Feedback through what this browser has. */
export function createFeedback(senses: Senses): Feedback {
  let audio: AudioContext | null = null;
  let muted = false;
  const open = (): AudioContext | null => {
    try {
      audio ??= senses.makeAudio?.() ?? null;
      if (audio?.state === 'suspended') audio.resume().catch(() => {});
    } catch {
      audio = null;
    }
    return audio;
  };
  const sound = (tones: readonly Tone[], loudness: number): void => {
    const context = open();
    if (context === null) return;
    try {
      for (const tone of tones) play(context, tone, loudness);
    } catch {
      // The system took the sound away; colour and word are still there.
    }
  };
  const give = ({ tones, buzzMs }: (typeof signals)[keyof typeof signals]): void => {
    try {
      senses.vibrate?.(buzzMs);
    } catch {
      // A browser that forbids it in this frame.
    }
    if (!muted) sound(tones, 0.5);
  };
  return {
    right: () => give(signals.right),
    wrong: () => give(signals.wrong),
    // The first tone draws the shape of its wave; silent, so that no scan waits for it later.
    wake: () => sound(signals.right.tones, 0),
    get muted() {
      return muted;
    },
    mute: (value) => {
      muted = value;
    },
  };
}

/** A tone with soft edges: cut off hard it would click, which sounds like a fault. */
function play(context: AudioContext, { hertz, afterMs, forMs }: Tone, loudness: number): void {
  const from = context.currentTime + afterMs / 1000;
  const until = from + forMs / 1000;
  const edgeSeconds = 0.01;
  const gain = context.createGain();
  gain.gain.setValueAtTime(0, from);
  gain.gain.linearRampToValueAtTime(loudness, from + edgeSeconds);
  gain.gain.setValueAtTime(loudness, until - edgeSeconds);
  gain.gain.linearRampToValueAtTime(0, until);
  const oscillator = context.createOscillator();
  // A square carries over a small loudspeaker better than a sine.
  oscillator.type = 'square';
  oscillator.frequency.setValueAtTime(hertz, from);
  oscillator.connect(gain).connect(context.destination);
  oscillator.start(from);
  oscillator.stop(until);
}

/** SN-7. The feedback of this page. */
export const feedback: Feedback = createFeedback({
  makeAudio: typeof AudioContext === 'undefined' ? null : () => new AudioContext(),
  vibrate:
    typeof navigator !== 'undefined' && 'vibrate' in navigator
      ? (ms) => navigator.vibrate(ms)
      : null,
});
