import { assert } from '../../kernel/assert.ts';
import type { PlaceFaultCode } from './fault-reasons.ts';
import {
  foldCommunity,
  foldLabel,
  foldTown,
  madeCode,
  type Place,
  type PlaceKind,
  serialOf,
} from './tree.ts';

/** Where somebody lives, in words or codes; empty when not given. */
export interface HomeWords {
  readonly town: string;
  readonly community: string;
  readonly compound: string;
  readonly building: string;
}

/** Why a home was not found in the tree, and which word is to blame. */
export interface PlaceFault {
  readonly kind: 'fault';
  readonly field: 'town' | 'community';
  readonly code: PlaceFaultCode;
}

/** A step on the way down: a place that exists, or one to be made under the last. */
interface Step {
  readonly kind: PlaceKind;
  readonly code: string | null;
  readonly label: string;
}

/** A home found: from the town or community down; steps without a code are still to be made. */
export interface Located {
  readonly kind: 'located';
  readonly steps: readonly Step[];
}

/** A place with the codes above it. */
export interface PlacedPlace extends Place {
  readonly path: string;
}

/**
 * The tree in memory, for finding homes by their words and for making what is missing.
 *
 * It knows nothing of a database: whoever uses it stores what `takeMade` hands out.
 */
export class Directory {
  readonly #places = new Map<string, PlacedPlace>();
  readonly #byWord = new Map<string, string[]>();
  /** Compounds and buildings by parent, then by kind and label. */
  readonly #homesBelow = new Map<string, Map<string, string>>();
  readonly #serials = new Map<string, number>();
  readonly #districts: string[] = [];
  readonly #memo = new Map<string, Steps | PlaceFault>();
  #made: PlacedPlace[] = [];
  #last: { home: HomeWords; mayMake: boolean; found: Located } | null = null;

  /** Takes the places of a tree, parents before their children. */
  constructor(places: Iterable<Place>) {
    for (const place of places) this.add(place);
  }

  /** Adds a place whose parent is known. */
  add(place: Place): PlacedPlace {
    const parent = place.parent === null ? null : this.#places.get(place.parent);
    assert(parent !== undefined, 'a place is added after its parent');
    const path = parent === null ? place.code : `${parent.path}/${place.code}`;
    const placed = { ...place, path };
    this.#places.set(place.code, placed);
    if (place.kind === 'district') this.#districts.push(place.code);
    if (place.kind !== 'compound' && place.kind !== 'building') {
      this.#memo.clear();
      this.#last = null;
    }
    for (const word of wordsOf(place)) {
      const codes = this.#byWord.get(word);
      if (codes === undefined) this.#byWord.set(word, [place.code]);
      else codes.push(place.code);
    }
    if (place.parent !== null) {
      if (place.kind === 'compound' || place.kind === 'building')
        this.#addBelow(place, place.parent);
      const serial = serialOf(place.code, place.parent);
      this.#serials.set(place.parent, Math.max(serial, this.#serials.get(place.parent) ?? 0));
    }
    return placed;
  }

  /** The place of a code; undefined when there is none. */
  find(code: string): PlacedPlace | undefined {
    return this.#places.get(code);
  }

  /** Number of places known. */
  get size(): number {
    return this.#places.size;
  }

  /** Rule PL-6. Finds a home. Unknown towns and communities are faults unless they may be made. */
  locate(home: HomeWords, mayMake: boolean): Located | PlaceFault {
    // Rosters are sorted by household: most rows have the home of the row before.
    const last = this.#last;
    if (last !== null && last.mayMake === mayMake && isSameHome(last.home, home)) return last.found;
    const community = this.#recall(home, mayMake);
    if (community.kind === 'fault') return community;
    const steps = [...community.steps];
    let parent = steps.at(-1)?.code ?? null;
    for (const kind of ['compound', 'building'] as const) {
      const label = home[kind];
      if (label === '') continue;
      const code = parent === null ? null : this.#child(parent, kind, label);
      steps.push({ kind, code, label });
      parent = code;
    }
    const found: Located = { kind: 'located', steps };
    this.#last = steps.every((step) => step.code !== null) ? { home, mayMake, found } : null;
    return found;
  }

  /** Rule PL-3. The code of a located home; whatever is missing on the way is made. */
  settle(located: Located): string {
    let code: string | null = null;
    for (const step of located.steps) {
      if (step.code !== null) code = step.code;
      else {
        const parent: string = code ?? this.#root();
        // Another row may have made the same place since this home was located.
        code = this.#child(parent, step.kind, step.label) ?? this.#make(parent, step);
      }
    }
    assert(code !== null, 'a home has at least its community');
    return code;
  }

  /** Whether a located home lies at or below a place; one still to be made counts by its parent. */
  isWithin(located: Located, place: string): boolean {
    const known = located.steps.findLast((step) => step.code !== null)?.code;
    const path = this.#places.get(known ?? this.#districts[0] ?? '')?.path ?? '';
    return `/${path}/`.includes(`/${place}/`);
  }

  /** The places made since the last call, parents first. */
  takeMade(): readonly PlacedPlace[] {
    const made = this.#made;
    this.#made = [];
    return made;
  }

  /** Rosters name the same few hundred communities a million times: each is looked up once. */
  #recall(home: HomeWords, mayMake: boolean): Steps | PlaceFault {
    const key = `${home.town}\n${home.community}\n${mayMake}`;
    const known = this.#memo.get(key);
    if (known !== undefined) return known;
    const town = this.#locateTown(home.town, mayMake);
    const found =
      town.kind === 'fault' ? town : this.#locateCommunity(home.community, town, mayMake);
    if (this.#memo.size >= memoSizeMax) this.#memo.clear();
    this.#memo.set(key, found);
    return found;
  }

  #locateTown(word: string, mayMake: boolean): Steps | PlaceFault {
    if (word === '') return { kind: 'steps', steps: [] };
    const folded = foldLabel(word);
    const found =
      this.#places.get(folded)?.kind === 'town'
        ? [folded]
        : this.#byWordOf(`town|${foldTown(word)}`);
    if (found.length > 1) return { kind: 'fault', field: 'town', code: 'places.ambiguous-town' };
    const [code] = found;
    if (code !== undefined) return { kind: 'steps', steps: [{ kind: 'town', code, label: word }] };
    if (!mayMake || officialShape.test(folded)) {
      return { kind: 'fault', field: 'town', code: 'places.unknown-town' };
    }
    if (this.#districts.length > 1) {
      return { kind: 'fault', field: 'town', code: 'places.which-district' };
    }
    return { kind: 'steps', steps: [{ kind: 'town', code: null, label: word }] };
  }

  #locateCommunity(word: string, town: Steps, mayMake: boolean): Steps | PlaceFault {
    const [townStep] = town.steps;
    const everywhere = this.#communitiesOf(word);
    const inTown = everywhere.map((codes) =>
      townStep === undefined
        ? codes
        : codes.filter((code) => this.#places.get(code)?.parent === townStep.code),
    );
    const found = inTown.find((codes) => codes.length > 0) ?? [];
    if (found.length > 1) {
      return { kind: 'fault', field: 'community', code: 'places.ambiguous-community' };
    }
    const [code] = found;
    if (code !== undefined) {
      return { kind: 'steps', steps: [{ kind: 'community', code, label: word }] };
    }
    if (mayMake && !officialShape.test(foldLabel(word))) {
      return townStep === undefined
        ? { kind: 'fault', field: 'town', code: 'places.town-missing' }
        : { kind: 'steps', steps: [townStep, { kind: 'community', code: null, label: word }] };
    }
    const isElsewhere = everywhere.some((codes) => codes.length > 0);
    const fault = isElsewhere ? 'places.community-not-in-town' : 'places.unknown-community';
    return { kind: 'fault', field: 'community', code: fault };
  }

  /** Communities for a word, the surest way of reading it first: code, exact label, bare label. */
  #communitiesOf(word: string): readonly (readonly string[])[] {
    const folded = foldLabel(word);
    if (this.#places.get(folded)?.kind === 'community') return [[folded]];
    const { bare, exact } = foldCommunity(word);
    return [this.#byWordOf(`exact|${exact}`), this.#byWordOf(`bare|${bare}`)];
  }

  #byWordOf(key: string): readonly string[] {
    return this.#byWord.get(key) ?? [];
  }

  #child(parent: string, kind: PlaceKind, label: string): string | null {
    const folded = foldLabel(label);
    const byCode = this.#places.get(folded);
    if (byCode?.parent === parent && byCode.kind === kind) return folded;
    if (kind === 'compound' || kind === 'building') {
      return this.#homesBelow.get(parent)?.get(wordBelow(kind, folded)) ?? null;
    }
    const codes =
      kind === 'town'
        ? this.#byWordOf(`town|${foldTown(label)}`)
        : this.#byWordOf(`exact|${foldCommunity(label).exact}`);
    return codes.find((code) => this.#places.get(code)?.parent === parent) ?? null;
  }

  #addBelow(place: Place, parent: string): void {
    let below = this.#homesBelow.get(parent);
    if (below === undefined) this.#homesBelow.set(parent, (below = new Map()));
    const word = wordBelow(place.kind, foldLabel(place.labelZh));
    // Of two with one label the first is meant; the second can still be named by its code.
    if (!below.has(word)) below.set(word, place.code);
  }

  #make(parent: string, step: Step): string {
    const code = madeCode(parent, (this.#serials.get(parent) ?? 0) + 1);
    const place = { code, parent, kind: step.kind, labelZh: step.label, labelEn: null };
    this.#made.push(this.add(place));
    return code;
  }

  /** Rule PL-7. The district for made towns: the only one, or a first one for an empty tree. */
  #root(): string {
    const [district] = this.#districts;
    if (district !== undefined) return district;
    const labels = { labelZh: '本区', labelEn: 'District' };
    const root = this.add({ code: '1', parent: null, kind: 'district', ...labels });
    this.#made.push(root);
    return root.code;
  }
}

interface Steps {
  readonly kind: 'steps';
  readonly steps: readonly Step[];
}

/** A word that is meant as an official code: never made into the label of a new place. */
const officialShape = /^\d{6,12}$/;

/** Far above the communities of a district; what a hostile file can make us remember. */
const memoSizeMax = 50_000;

function wordBelow(kind: PlaceKind, folded: string): string {
  return kind === 'building' ? folded : `${kind}|${folded}`;
}

function isSameHome(left: HomeWords, right: HomeWords): boolean {
  return (
    left.building === right.building &&
    left.compound === right.compound &&
    left.community === right.community &&
    left.town === right.town
  );
}

/** The keys under which a place is found. */
function wordsOf(place: Place): string[] {
  switch (place.kind) {
    case 'city':
    case 'district':
    case 'compound':
    case 'building':
      return [];
    case 'town':
      return [`town|${foldTown(place.labelZh)}`];
    case 'community': {
      const { bare, exact } = foldCommunity(place.labelZh);
      return [`bare|${bare}`, `exact|${exact}`];
    }
  }
}
