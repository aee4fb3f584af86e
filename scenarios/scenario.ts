import type { Day } from '../kernel/day.ts';
import type { DailyFinds, EpidemicPolicy } from './epidemic.ts';
import type { PlaceRow } from './tree.ts';

/** A named outbreak: real places and counts, made-up people, and how everybody works. */
export interface Scenario {
  readonly name: string;
  readonly label: { readonly en: string; readonly zh: string };
  /** Code of the place at the top of `places`. */
  readonly root: string;
  readonly places: readonly PlaceRow[];
  /** GeoJSON of where the places lie: outlines of some, points of the others. */
  readonly shapes: string;
  readonly series: readonly DailyFinds[];
  /** People at scale 1. */
  readonly personCount: number;
  readonly firstDay: Day;
  /** Minutes by which the place's clocks are ahead of UTC. */
  readonly offsetMinutes: number;
  readonly policy: ScenarioPolicy;
}

/** How the work is done. Values and their sources stand where a scenario sets them. */
export interface ScenarioPolicy {
  readonly epidemic: EpidemicPolicy;
  readonly sampling: SamplingPolicy;
  readonly transport: TransportPolicy;
  readonly laboratory: LaboratoryPolicy;
  readonly community: CommunityPolicy;
  readonly transfer: TransferPolicy;
  readonly wards: WardPolicy;
}

export interface SamplingPolicy {
  readonly opensHour: number;
  readonly closesHour: number;
  readonly personsPerSite: number;
  readonly personsPerTable: number;
  readonly personsPerTableHour: number;
  readonly poolSize: 1 | 5 | 10 | 20;
  /** Pool size in a locked-down and in a quiet community, and the share of communities. */
  readonly lockdownPoolSize: 1 | 5 | 10 | 20;
  readonly precautionPoolSize: 1 | 5 | 10 | 20;
  readonly precautionShare: number;
  /** People in quarantine tested singly for each one of them found. */
  readonly quarantinedPerFind: number;
  readonly excusedShare: number;
  readonly awayShare: number;
  readonly deferredShare: number;
  readonly refusedShare: number;
  readonly homeVisitShare: number;
  readonly walkInShare: number;
  /** At most so many: each has the server read its register anew. */
  readonly walkInsPerDayMax: number;
  /** People who neither come nor say why, until somebody looks at the list of who is missing. */
  readonly missedShare: number;
  readonly refuserPersuadedShare: number;
  /** Tubes first opened and filled on the device, person by person. */
  readonly openedFirstShare: number;
  readonly overFilledShare: number;
  readonly underFilledShare: number;
  readonly sealedTwiceShare: number;
}

export interface TransportPolicy {
  readonly boxTubesMax: number;
  readonly boxMinutesMax: number;
  readonly pickUpMinutes: readonly [number, number];
  readonly driveMinutes: readonly [number, number];
  readonly relayShare: number;
  readonly couriers: number;
  readonly missingTubeShare: number;
  readonly brokenTubeShare: number;
  readonly strayTubeShare: number;
  readonly warmBoxShare: number;
  readonly batchDoubledShare: number;
}

export interface LaboratoryPolicy {
  readonly count: number;
  readonly tubesPerDay: number;
  readonly wellsPerPlate: number;
  readonly receiveMinutes: number;
  readonly accessionMinutes: number;
  readonly plateWaitMinutesMax: number;
  readonly runMinutes: number;
  readonly signMinutes: readonly [number, number];
  readonly releaseMinutes: readonly [number, number];
  readonly invalidWellShare: number;
  readonly failedControlShare: number;
  readonly falseReactiveShare: number;
  readonly ctNoise: number;
}

export interface CommunityPolicy {
  readonly reportMinutes: readonly [number, number];
  readonly reportLateShare: number;
  readonly isolateMinutes: readonly [number, number];
  readonly recallMinutes: readonly [number, number];
  readonly isolationDays: number;
  readonly heldHoursMax: number;
  readonly careNeedShare: number;
  /** Households of a case that are taken to an isolation site while there is room. */
  readonly contactMovedShare: number;
  /** Patients who cannot say when their symptoms began. */
  readonly onsetUnknownShare: number;
  /** Days from the first symptoms to being found. */
  readonly onsetDaysBefore: readonly [number, number];
}

export interface TransferPolicy {
  readonly requestMinutes: readonly [number, number];
  readonly triageMinutes: readonly [number, number];
  readonly promiseMinutes: readonly [number, number];
  readonly vehicleMinutes: readonly [number, number];
  readonly driveMinutes: readonly [number, number];
  readonly vehicles: number;
  readonly seats: number;
}

export interface WardPolicy {
  readonly fangcangBeds: number;
  readonly wardBeds: number;
  readonly intensiveBeds: number;
  readonly isolationRooms: number;
  readonly bedsPerUnit: number;
  readonly countEveryHours: number;
  readonly firstTestDay: number;
  readonly deathGivenCritical: number;
}
