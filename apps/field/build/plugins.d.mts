import type { Plugin } from 'vite';

/** Cuts a face to exactly the characters of the built app. */
export function fieldFace(): Plugin;

/** Of the face for names only the Chinese slices. */
export function chineseSlicesOnly(): Plugin;
