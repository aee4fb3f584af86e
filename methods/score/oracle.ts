/** The score of a sample by its definition: every draw against every other. */
export function slowCrps(sample: readonly number[], observed: number): number {
  let [distance, within] = [0, 0];
  for (const one of sample) {
    distance += Math.abs(one - observed) / sample.length;
    for (const other of sample) within += Math.abs(one - other) / sample.length ** 2;
  }
  return distance - within / 2;
}
