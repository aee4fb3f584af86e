import type { Label } from '../../../ledger/room.ts';
import {
  Directory,
  type Place,
  type PlacedPlace,
  type PlaceKind,
} from '../../../rooms/places/index.ts';
import type { Queryable } from '../database.ts';

/** A place as screens show it. */
export interface ShownPlace {
  readonly code: string;
  readonly kind: PlaceKind;
  readonly label: Label;
}

/** A place with those above it, the root first. */
export interface PlaceWithParents extends ShownPlace {
  readonly parents: readonly ShownPlace[];
}

interface ShownRow {
  readonly code: string;
  readonly kind: PlaceKind;
  readonly label_zh: string;
  readonly label_en: string | null;
}

/** The whole tree in memory, for finding homes. */
export async function loadDirectory(client: Queryable): Promise<Directory> {
  const { rows } = await client.query<Place & { readonly [column: string]: unknown }>(
    `select code, parent_code as parent, kind, label_zh as "labelZh", label_en as "labelEn"
     from places order by length(path) - length(replace(path, '/', ''))`,
  );
  return new Directory(rows);
}

/** Stores new places, parents first. */
export async function insertPlaces(
  client: Queryable,
  places: readonly PlacedPlace[],
): Promise<void> {
  const batchMax = 10_000;
  for (let from = 0; from < places.length; from += batchMax) {
    const batch = places.slice(from, from + batchMax);
    await client.query(
      `insert into places (code, parent_code, path, kind, label_zh, label_en)
       select * from unnest(
         $1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[])`,
      [
        batch.map((place) => place.code),
        batch.map((place) => place.parent),
        batch.map((place) => place.path),
        batch.map((place) => place.kind),
        batch.map((place) => place.labelZh),
        batch.map((place) => place.labelEn),
      ],
    );
  }
}

/** A place and what lies above it; null when the code is not known. */
export async function placeOf(client: Queryable, code: string): Promise<PlaceWithParents | null> {
  const { rows } = await client.query<ShownRow & { readonly [column: string]: unknown }>(
    `select above.code, above.kind, above.label_zh, above.label_en
     from places wanted join places above on above.code = any (string_to_array(wanted.path, '/'))
     where wanted.code = $1 order by length(above.path)`,
    [code],
  );
  const chain = rows.map(shown);
  const own = chain.pop();
  return own === undefined ? null : { ...own, parents: chain };
}

/** The places directly below one, or the roots for null; made ones in the order of their serial. */
export async function placeChildren(
  client: Queryable,
  code: string | null,
): Promise<readonly ShownPlace[]> {
  const { rows } = await client.query<ShownRow & { readonly [column: string]: unknown }>(
    `select code, kind, label_zh, label_en from places
     where parent_code is not distinct from $1 order by length(code), code`,
    [code],
  );
  return rows.map(shown);
}

function shown({ code, kind, label_zh: zh, label_en: en }: ShownRow): ShownPlace {
  return { code, kind, label: { zh, en: en ?? zh } };
}
