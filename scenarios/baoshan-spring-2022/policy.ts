import type { ScenarioPolicy } from '../scenario.ts';

/**
 * How Baoshan worked in spring 2022, as far as it is known. Marks: [V] read in a named source,
 * [R] read on a re-posting, [C] computed from those, [A] an assumption, as no figure was found.
 * "City" figures are taken by population: 2,235,218 of 24,870,895 people, 0.0899 [C].
 */
export const policy: ScenarioPolicy = {
  epidemic: {
    course: {
      // [V] Ai et al. 2024, Virol Sin 39(6):851-859 (48,830 patients, Shanghai, spring 2022):
      // peak at about four days with median Ct 27.5; shedding 6.1 days, quartiles 4.0 and 8.8,
      // which is a log-normal spread of ln(8.8 / 4.0) / 1.349 = 0.58 and a mean of 7.2 days.
      ctPeakMean: 26,
      ctPeakSpread: 3.5,
      // [A] The strongest swabs; and the weakest that ten-fold pooling (+3.3) still shows.
      ctPeakMin: 15,
      ctFoundMax: 33,
      // [V] Discharge at Ct >= 35 (Shanghai, spring 2022). [A] Nothing is detected beyond 40.
      ctNegative: 35,
      ctDetectable: 40,
      // [A] The peak of the cohort is dated from the first positive; daily rounds find earlier.
      peakAfterDaysMean: 1.5,
      negativeAfterDaysMedian: 6.1,
      negativeAfterDaysSpread: 0.58,
    },
    // [A] No contact data of the wave was found. Quarantine finds are people near earlier ones.
    shareByTie: {
      quarantine: { household: 0.35, building: 0.35, community: 0.25 },
      screening: { household: 0.05, building: 0.15, community: 0.3 },
    },
    // [V] Severe or critical 6.34 per 100,000 people at 2.74 infections per 100 (Chen et al.
    // 2022, PMC9327634), so 0.23 % of infections; [A] by age so that the whole comes to that.
    severeGivenAge: [0.0003, 0.005, 0.022],
    // [V] Ai et al. 2024: 1.00 % severe, 0.29 % critical or fatal.
    criticalGivenSevere: 0.22,
    moderateGivenSymptoms: 0.1,
  },
  sampling: {
    // [V] Rounds of 4 April began before dawn and ended in the evening; [A] these hours.
    opensHour: 6,
    closesHour: 18,
    // [R] One site for 2,000 to 3,000 people, [V] one table for 600 to 800 (NHC, 13 May 2022).
    personsPerSite: 2500,
    personsPerTable: 700,
    // [R] Six samplers with two scanners take more than 200 people an hour: two at a table.
    personsPerTableHour: 66,
    // [V] 4 April 2022: 25.665 M people in 2.427 M tubes, 10.6 each.
    poolSize: 10,
    // [R] Lockdown 1:1 or one tube a household, control 10:1, precaution 20:1 (FACTS §2). In
    // April 2022 nearly all was 10:1, so only the people already in quarantine are taken singly.
    lockdownPoolSize: 1,
    precautionPoolSize: 20,
    precautionShare: 0.02,
    // [A] One in twelve of those in quarantine turns out positive that day.
    quarantinedPerFind: 12,
    // [A] No register of reasons was published: the sum leaves 97 % sampled at the sites.
    excusedShare: 0.006,
    awayShare: 0.012,
    deferredShare: 0.003,
    refusedShare: 0.001,
    // [V] Home visits for the bed-ridden and very old (CCTV, 6 April); [A] this many.
    homeVisitShare: 0.006,
    missedShare: 0.008,
    walkInShare: 0.0001,
    walkInsPerDayMax: 12,
    refuserPersuadedShare: 0.7,
    openedFirstShare: 0.01,
    overFilledShare: 0.0004,
    underFilledShare: 0.0003,
    sealedTwiceShare: 0.0002,
  },
  transport: {
    // [A] A 7-litre transport box holds four racks of 25 ten-person tubes.
    boxTubesMax: 100,
    // [R] To the laboratory within two to four hours: a box leaves after two.
    boxMinutesMax: 120,
    pickUpMinutes: [5, 25],
    driveMinutes: [12, 45],
    relayShare: 0.1,
    // [V] More than 2,000 sample vehicles in the city on 19 April, by population [C] 180.
    couriers: 180,
    // [A] Rates of mishaps.
    missingTubeShare: 0.0002,
    brokenTubeShare: 0.0001,
    strayTubeShare: 0.0001,
    warmBoxShare: 0.005,
    batchDoubledShare: 0.03,
  },
  laboratory: {
    // [V] 60 laboratories in the city on 27 April, by population [C] 5.4.
    count: 6,
    // [V] At most 4.0 M tubes a day in the city on 5 April, by population [C].
    tubesPerDay: 359_500,
    // 96 wells less a positive and a negative control.
    wellsPerPlate: 94,
    receiveMinutes: 4,
    accessionMinutes: 6,
    plateWaitMinutesMax: 60,
    // [A] Extraction 40 minutes, amplification 90, set-up 20.
    runMinutes: 150,
    signMinutes: [5, 20],
    releaseMinutes: [2, 10],
    invalidWellShare: 0.0015,
    failedControlShare: 0.004,
    // [A] Mixed tubes that react and hold nobody infected.
    falseReactiveShare: 0.0002,
    ctNoise: 0.6,
  },
  community: {
    // [V] A positive is reported within two hours (State Council, April 2020); [A] most are.
    reportMinutes: [10, 90],
    reportLateShare: 0.03,
    isolateMinutes: [15, 90],
    recallMinutes: [40, 150],
    // [V] Contacts 14 days apart in April 2022.
    isolationDays: 14,
    heldHoursMax: 24,
    careNeedShare: 0.01,
    // [A] Most contacts stayed at home once the sites were full.
    contactMovedShare: 0.3,
    // [A] Bulletins gave no onsets. Most of the wave was found by screening, within days.
    onsetUnknownShare: 0.15,
    onsetDaysBefore: [0, 3],
  },
  transfer: {
    // [A] No figures were found. Together about 1 h 50 from the list to the ward, so that most
    // but not all keep within the two hours of the 9th edition.
    requestMinutes: [5, 20],
    triageMinutes: [3, 12],
    promiseMinutes: [3, 15],
    vehicleMinutes: [10, 40],
    driveMinutes: [12, 45],
    // [A] One bus of 20 for every 14,000 people.
    vehicles: 160,
    seats: 20,
  },
  wards: {
    // [V] About 240,000 fangcang beds in the city by 15 April (Caixin), by population [C].
    fangcangBeds: 21_570,
    // [V] 47,700 treatment beds in the city on 5 April, by population [C].
    wardBeds: 4_287,
    // [A] One in fifty of those.
    intensiveBeds: 86,
    // [V] About 60,000 rooms in the city and its neighbours on 6 April, by population [C].
    isolationRooms: 5_393,
    // [V] A nursing unit of a fangcang has 20 beds (guide of 6 July 2022); a section has five.
    bedsPerUnit: 100,
    // [A] Before the four hours are over after which a count is no longer believed.
    countEveryHours: 3,
    // [A] Tests for discharge begin on the third day, once a day.
    firstTestDay: 3,
    // [V] Fatality 0.09 % of infections (PMC9448412), severe or critical 0.23 %.
    deathGivenCritical: 0.39,
  },
};
