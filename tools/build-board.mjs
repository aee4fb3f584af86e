import { buildApp } from './build-app.mjs';

/**
 * Builds the board into dist/board unless the last build was from the same sources.
 *
 * @param {string} node
 * @returns {Promise<number>} exit code of the build; 0 when there was nothing to do
 */
export function buildBoard(node) {
  return buildApp(node, { name: 'board' });
}
