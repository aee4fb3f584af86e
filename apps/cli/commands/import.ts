export async function importFile(
  _t: unknown,
  _o: {
    what: 'persons' | 'places';
    file: string;
    errors: string | null;
    createPlaces: boolean;
    map: readonly string[];
    json: boolean;
  },
): Promise<number> {
  throw new Error('soon');
}
