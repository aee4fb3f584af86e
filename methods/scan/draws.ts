import { assert } from '../../kernel/assert.ts';
import type { Random } from '../../kernel/random.ts';
import { drawBinomial } from '../chance/chance.ts';

/** So many events a cell from which on drawing cell by cell is quicker than event by event. */
const eventsPerCell = 400;

/** Worlds of a fixed total, each event falling into a cell in proportion to what is expected. */
export class CountDraws {
  readonly #expected: Float64Array;
  readonly #total: number;
  /** Walker's alias table: a share of each cell and the cell that has the rest. */
  readonly #share: Float64Array;
  readonly #other: Int32Array;

  constructor(expected: Float64Array, total: number) {
    assert(total >= 0 && expected.length >= 1, 'events fall into cells');
    this.#expected = expected;
    this.#total = total;
    const cells = expected.length;
    const mass = expected.reduce((sum, each) => sum + each, 0);
    this.#share = expected.map((each) => (each * cells) / mass);
    this.#other = Int32Array.from({ length: cells }, (_, cell) => cell);
    const small: number[] = [];
    const large: number[] = [];
    this.#share.forEach((share, cell) => (share < 1 ? small : large).push(cell));
    for (;;) {
      const low = small.pop();
      const high = large.at(-1);
      if (low === undefined || high === undefined) break;
      this.#other[low] = high;
      const rest = (this.#share[high] as number) + (this.#share[low] as number) - 1;
      this.#share[high] = rest;
      if (rest >= 1) continue;
      large.pop();
      small.push(high);
    }
  }

  /** Fills cells with a world of the same total. */
  draw(random: Random, cells: Int32Array): void {
    cells.fill(0);
    if (this.#total > eventsPerCell * cells.length) this.#fillByCell(random, cells);
    else this.#fillByEvent(random, cells);
  }

  #fillByEvent(random: Random, cells: Int32Array): void {
    for (let event = 0; event < this.#total; event++) {
      const place = random.unit() * cells.length;
      const cell = Math.floor(place);
      const kept = place - cell < (this.#share[cell] as number);
      const target = kept ? cell : (this.#other[cell] as number);
      cells[target] = (cells[target] as number) + 1;
    }
  }

  #fillByCell(random: Random, cells: Int32Array): void {
    let left = this.#total;
    let mass = this.#expected.reduce((sum, each) => sum + each, 0);
    for (let cell = 0; cell < cells.length && left > 0; cell++) {
      const expected = this.#expected[cell] as number;
      const isLast = cell === cells.length - 1;
      cells[cell] = isLast ? left : drawBinomial(random, left, expected / mass);
      left -= cells[cell] as number;
      mass -= expected;
    }
  }
}
