import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  deliver,
  findingsOf,
  hire,
  openRound,
  runPlate,
  type Staff,
  testPlate,
  tubeOf,
} from '../support/chain.ts';
import { problemOf, type Reply } from '../support/client.ts';
import { Device } from '../support/day.ts';
import { communities, district } from '../support/people.ts';
import { type Counts, startServer, type TestServer } from '../support/server.ts';

let server: TestServer;
let staff: Staff;

beforeAll(async () => {
  server = await startServer();
  staff = await hire(server);
  await openRound(staff, 'R1');
});
afterAll(() => server.close());

const place = communities[0];
const now = Date.now() as never;

/** An act that is refused with this code, and leaves every table as it was. */
async function expectRefusal(act: () => Promise<Reply>, code: string): Promise<Reply> {
  const before: Counts = await server.counts();
  const reply = await act();
  expect(problemOf(reply)).toEqual([409, code, null]);
  expect(reply.body['detail']).not.toContain(code);
  expect(await server.counts()).toEqual(before);
  return reply;
}

test('RE-23 results of a tube that nobody sealed are released, and a person must look', async () => {
  const released = await testPlate(staff, 'GHOSTS', { tubes: { GHOST1: null } });
  expect(released.body['facts']).toMatchObject([{ kind: 'results.released' }]);
  expect(await findingsOf(server, 'specimen:GHOST1')).toEqual([
    'custody.tested-but-never-received',
    'results.specimen-without-seal',
  ]);
  const listed = await server.admin.get('/v1/findings?code=results.specimen-without-seal');
  expect(listed.body['rows']).toMatchObject([{ subject: 'specimen:GHOST1', stage: 'open' }]);
});

test('RE-23 the finding heals as soon as the sealing comes on record', async () => {
  const device = new Device('late-phone');
  const { tube: _tube, place: _place, ...seal } = tubeOf('GHOST1', [1, 2, 3, 4, 5]);
  await staff.sampler.facts([device.record('screening.tube-sealed', 'tube:GHOST1', seal, now)]);
  expect(await findingsOf(server, 'specimen:GHOST1')).toEqual([
    'custody.tested-but-never-received',
  ]);
});

test('RE-1 a report of results for tubes that are not on the plate is kept, with a finding', async () => {
  const device = new Device('lab-terminal');
  const results = [{ tube: 'STRANGER', result: 'positive' }];
  const body = { plate: 'GHOSTS', laboratory: 'LAB1', results };
  const sent = await staff.signer.facts([
    device.record('results.released', 'release:GHOSTS.2', body, now),
  ]);
  expect(sent.body).toMatchObject({ accepted: [{ id: 'lab-terminal-10000' }], refused: [] });
  expect(await findingsOf(server, 'plate:GHOSTS')).toContain('results.unknown-tube');
  expect(await findingsOf(server, 'specimen:STRANGER')).toContain('results.specimen-without-seal');
});

test('RE-1 results leave the laboratory only from a signed plate', async () => {
  await runPlate(staff, 'UNSIGNED', { tubes: { TUBE10: null } });
  const release = () => staff.signer.act('results.release', { plate: 'UNSIGNED' });
  await expectRefusal(release, 'results.plate-not-signed');
  const own = () => staff.laboratory.act('laboratory.sign-plate', { plate: 'UNSIGNED' });
  await expectRefusal(own, 'laboratory.same-signer');
});

test('LA-5 a plate whose control failed is a finding, and no tube on it has a result', async () => {
  await staff.sampler.must('screening.record-tube', tubeOf('TUBE20', [11, 12, 13, 14, 15]));
  await deliver(staff, 'BOX20', ['TUBE20']);
  await runPlate(staff, 'FAILED', { tubes: { TUBE20: 25 }, positive: null });
  expect(await findingsOf(server, 'plate:FAILED')).toContain('laboratory.control-failed');
  const tube = await server.admin.get('/v1/tubes/TUBE20');
  expect(tube.body['plate']).toMatchObject({ call: 'invalid', plateStage: 'read' });
  await staff.signer.must('laboratory.sign-plate', { plate: 'FAILED' });
  const release = () => staff.signer.act('results.release', { plate: 'FAILED' });
  await expectRefusal(release, 'results.nothing-to-release');
  expect((await server.admin.get('/v1/tubes/TUBE20')).body).toMatchObject({
    stage: 'accessioned',
    result: null,
  });
});

test('RE-23 a tube on two plates in the same run is a finding that names both', async () => {
  await staff.sampler.must('screening.record-tube', tubeOf('TUBE30', [21, 22, 23, 24, 25]));
  await deliver(staff, 'BOX30', ['TUBE30']);
  await runPlate(staff, 'TWIN-A', { tubes: { TUBE30: null } });
  expect(await findingsOf(server, 'specimen:TUBE30')).toEqual([]);
  await runPlate(staff, 'TWIN-B', { tubes: { TUBE30: 25 } });
  const listed = await server.admin.get('/v1/findings?code=laboratory.tube-on-two-plates');
  expect(listed.body['rows']).toMatchObject([
    { subject: 'specimen:TUBE30', details: { plates: ['plate:TWIN-A', 'plate:TWIN-B'] } },
  ]);
});

test('CU-3 a desk refuses a hand-over from somebody who does not hold the box', async () => {
  await staff.sampler.must('custody.seal-box', { box: 'BOX40', tubes: ['TUBE40'], place });
  const refused = await expectRefusal(
    () => staff.courier.act('custody.hand-over', { box: 'BOX40', to: 'user:lab-one' }),
    'custody.not-the-holder',
  );
  expect(refused.body['details']).toEqual({
    box: 'BOX40',
    from: 'user:courier',
    holder: 'user:sampler',
  });
});

test('CU-3 a report of the same hand-over is kept, with a finding of the same code', async () => {
  const device = new Device('courier-phone');
  const body = { leg: 1, from: 'user:courier', to: 'user:lab-one' };
  const sent = await staff.courier.facts([
    device.record('custody.box-handed-over', 'box:BOX40', body, now),
  ]);
  expect(sent.body['accepted']).toHaveLength(1);
  expect(await findingsOf(server, 'box:BOX40')).toEqual(['custody.not-the-holder']);
  const box = await server.admin.get('/v1/subjects/box:BOX40');
  expect(box.body).toMatchObject({ holder: 'user:lab-one', stage: 'moving' });
});

test('AD-6 nobody is discharged before the rule allows, and the refusal says what is missing', async () => {
  const single = tubeOf('SINGLE1', [31], { purpose: 'recall', poolSize: 1 });
  await staff.sampler.must('screening.record-tube', single);
  await deliver(staff, 'BOX50', ['SINGLE1']);
  await testPlate(staff, 'CASES', { tubes: { SINGLE1: 22 } });
  const person = await server.admin.get('/v1/subjects/person:31');
  expect(person.body['stage']).toBe('confirmed');
  await staff.facility.must('capacity.declare-unit', {
    unit: 'WARD1',
    place: district,
    facility: 'HOSPITAL1',
    bedKind: 'ward',
    beds: 2,
    label: { en: 'Ward', zh: '病区' },
  });
  await staff.facility.must('admission.admit', { stay: 'STAY1', person: 31, unit: 'WARD1' });
  const discharge = () => staff.facility.act('admission.discharge', { stay: 'STAY1' });
  const refused = await expectRefusal(discharge, 'admission.discharge-before-rule');
  expect(refused.body['details']).toMatchObject({
    rule: 'two-clear-tests',
    missing: ['clear-tests'],
    clearTests: 0,
    clearTestsNeeded: 2,
  });
  const stay = await server.admin.get('/v1/subjects/stay:STAY1');
  expect(stay.body).toMatchObject({ stage: 'admitted', done: false });
});
