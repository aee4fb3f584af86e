/** One small face with exactly these characters, at one weight, as WOFF2. */
export function makeFace(text: string, weight: number): Promise<Buffer>;
