/** Builds the field app when its sources changed; answers an exit code. */
export function buildField(node: string): Promise<number>;
