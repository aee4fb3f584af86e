/** Builds the board when its sources changed; answers an exit code. */
export function buildBoard(node: string): Promise<number>;
