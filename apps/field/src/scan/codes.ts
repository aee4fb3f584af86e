/** The kinds of barcode that stand on tubes, boxes and cards, and a scanner that types. */
export type ScanFormat = 'qr-code' | 'code-128' | 'data-matrix' | 'wedge';

/** Told for each code that somebody meant to scan; the text has half-width capitals, no spaces. */
export type OnCode = (text: string, format: ScanFormat) => void;

/** A place in a picture, in its pixels. */
export interface Point {
  readonly x: number;
  readonly y: number;
}

/** A barcode found in a picture. */
export interface FoundCode {
  readonly text: string;
  readonly format: ScanFormat;
  readonly corners: readonly Point[];
}

/** The part of a picture that is looked at, in its pixels. */
export interface Region {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/**
 * Words for a camera or a reader that cannot be used, by code. Each says what to do: a person
 * at the table can always type the code or use a scanner that types.
 */
export const scanCodes = {
  'scan.not-secure': {
    en: 'The camera works only over a secure address (https). Type the code, or use a scanner.',
    zh: '摄像头只能在安全网址（https）下使用。请手工输入，或使用扫码枪。',
  },
  'scan.no-camera': {
    en: 'This device has no camera. Type the code, or use a scanner.',
    zh: '本设备没有摄像头。请手工输入，或使用扫码枪。',
  },
  'scan.camera-denied': {
    en: 'The camera is not allowed. Allow it in the browser’s settings for this site.',
    zh: '未获准使用摄像头。请在浏览器的网站设置中允许。',
  },
  'scan.camera-busy': {
    en: 'Another program is using the camera. Close it and try again.',
    zh: '摄像头被其他程序占用。请关闭后重试。',
  },
  'scan.camera-lost': {
    en: 'The camera stopped. Open the scanner again.',
    zh: '摄像头已停止。请重新打开扫码。',
  },
  'scan.reader-missing': {
    en: 'The barcode reader is not on this device yet. Load it once with a signal, or type the code.',
    zh: '本机尚未下载识码组件。请在有网络时打开一次，或手工输入。',
  },
} as const;

/** Why a camera or a reader cannot be used. */
export type ScanCode = keyof typeof scanCodes;
