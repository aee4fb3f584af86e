import { baoshanSpring2022 } from './baoshan-spring-2022/index.ts';
import { playScenario, type RunOptions, type Totals } from './run.ts';
import type { Scenario } from './scenario.ts';

/** Scenarios by name; each reads its files only when it is asked for. */
export const scenarios: { readonly [name: string]: () => Scenario } = {
  'baoshan-spring-2022': baoshanSpring2022,
};

/** Plays a scenario by its name; throws `UnknownScenario` when there is none of that name. */
export function runScenario({
  name,
  ...options
}: Omit<RunOptions, 'scenario'> & { readonly name: string }): Promise<Totals> {
  const scenario = Object.hasOwn(scenarios, name) ? scenarios[name] : undefined;
  if (scenario === undefined) return Promise.reject(new UnknownScenario(name));
  return playScenario({ ...options, scenario: scenario() });
}

/** There is no scenario of that name. */
export class UnknownScenario extends Error {
  override name = 'UnknownScenario';

  constructor(scenario: string) {
    super(`there is no scenario ${scenario}; there are: ${Object.keys(scenarios).join(', ')}`);
  }
}
