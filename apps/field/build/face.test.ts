import { create } from 'fontkit';
import { expect, test } from 'vitest';
import { makeFace } from './face.mjs';

test('the face has exactly the characters asked for, each with an outline of its own', async () => {
  // From several slices: common, less common, a sign, Latin.
  const wanted = '中文采样骊骅。A';
  const face = create(await makeFace(wanted, 480));
  if (!('glyphForCodePoint' in face)) throw new Error('one face was expected');
  const outlines = Array.from(wanted, (character) => {
    const glyph = face.glyphForCodePoint(character.codePointAt(0) ?? 0);
    expect(glyph.id).toBeGreaterThan(0);
    return glyph.path.toSVG();
  });
  expect(new Set(outlines).size).toBe(outlines.length);
  expect(face.characterSet.length).toBe(Array.from(wanted).length);
  expect(face.hasGlyphForCodePoint('国'.codePointAt(0) ?? 0)).toBe(false);
});
