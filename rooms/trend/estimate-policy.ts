/** What the estimates go by. */
export interface EstimatePolicy {
  /** Days from one infection to those it causes, as a gamma shifted by a day, cut at `lags`. */
  readonly serialInterval: {
    readonly meanDays: number;
    readonly sdDays: number;
    readonly lags: number;
  };
  readonly windowDays: number;
  readonly priorMean: number;
  readonly priorSd: number;
  readonly horizonDays: number;
  /** So many onsets must be known before anything is estimated by onset. */
  readonly onsetMin: number;
  readonly infectionsMin: number;
  readonly daysMin: number;
  readonly delayDaysMax: number;
  /** From so many days on weekdays may differ in the nowcast. */
  readonly weeklyDaysMin: number;
  /** So many days are looked back at most. */
  readonly spanDaysMax: number;
  /** A positive so soon after an infection is the same infection. */
  readonly reinfectionDays: number;
}

/** Values for the outbreak of spring 2022. [V] read in a named source, [B] our own choice. */
export const estimateDefaults: EstimatePolicy = {
  /** Omicron: mean 3.5 days, standard deviation 2.4 [B], after Backer et al. 2022. */
  serialInterval: { meanDays: 3.5, sdDays: 2.4, lags: 22 },
  /** One week, so that weekdays cancel; the prior of Cori et al. 2013 [V]. */
  windowDays: 7,
  priorMean: 5,
  priorSd: 5,
  /** Two weeks: beyond that the forecasts of 2022 were no better than none [B]. */
  horizonDays: 14,
  onsetMin: 10,
  /** A fan from fewer than 10 infections is wider than anybody can use [B]. */
  infectionsMin: 10,
  /** One window, the day before it, and one more [B]. */
  daysMin: 9,
  delayDaysMax: 21,
  weeklyDaysMin: 28,
  spanDaysMax: 120,
  /** 90 days, as surveillance counted reinfections in 2022 [B]. */
  reinfectionDays: 90,
};
