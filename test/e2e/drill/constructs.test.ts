import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { App, Stack } from 'aws-cdk-lib';
import { keeperIn } from '../../../src/cli/drill-keeper';
import { makeKey } from '../../../src/cli/drill-key-maker';
import { type Input, readInput } from '../../../src/cli/inputs';
import { ATTACKS } from '../../../src/drill/attacks';
import { type Drill, drill, type DrillInput } from '../../../src/drill/drill';
import type { EdgeModel } from '../../../src/drill/edge/model';
import { translate } from '../../../src/drill/edge/translate';
import { ground } from '../../../src/drill/emulator/ground';
import { onlyGraph } from '../../../src/drill/emulator/only-graph';
import type { AttackRecord } from '../../../src/drill/evidence';
import { GATE_ATTACKS } from '../../../src/drill/gate/attacks';
import { COMING_BACK_ATTACKS, KEEPING_ATTACKS, TRAIL_ATTACKS, WORKER_ATTACKS } from '../../../src/drill/keeping';
import { NETWORK_ATTACKS } from '../../../src/drill/network';
import { CORE_VARIANTS } from '../../support/core-variants';
import { SAFE_EXAMPLES, synthesized } from '../../support/examples';
import { metBy, onceForEachTrait } from '../../support/gate-kinds';
import { keptCore } from '../../support/kept-core';

/** Of a listener that the platform team owns, so there is nothing to attack. */
const NOT_DRILLED = 'existing-vpc';
const EXAMPLES = SAFE_EXAMPLES.filter((example) => example !== NOT_DRILLED);
const VARIANTS = Object.keys(CORE_VARIANTS);
/** Of a profile's secrets and roles, what other Cores have in the same way is attacked there. */
const OF_PROFILES = KEEPING_ATTACKS.filter(({ control }) => ['SEC-8', 'CTR-7'].includes(control));
const KEPT = 'with every store and every kind of secret';
const NAMES = [...VARIANTS, KEPT, ...EXAMPLES];
/** What our profiles come to is drilled apart: of a region, CloudWatch Logs takes ten resource policies, and each of these has one or two. */
const isProfile = (example: string): boolean => ['cortex', 'tgefd', 'nodetool', 'tom'].includes(example);
/** Drills of an app each: attacks are made one after the other, and much of what they do is waiting. */
const APPS = 2;
const stackOf = (name: string): string => examples.get(name)?.templates[0]?.name ?? `Remote${NAMES.indexOf(name)}`;
/** What is the same in every Core is attacked elsewhere: trail, alarms, backups and workers by `audit-trail`, `coming-back`, `keeping`, `alarms`, `command` and `workers`. */
const KEEPING = KEEPING_ATTACKS.filter((attack) => ![...TRAIL_ATTACKS, ...COMING_BACK_ATTACKS, ...WORKER_ATTACKS].includes(attack));
const SOMEWHERE = { account: '111122223333', region: 'eu-central-1', parameters: new Map<string, string>() };

/** Floods are of thousands of requests, and what the command drills has the same limits. */
const WITHOUT_FLOODS = ATTACKS.filter(({ control }) => control !== 'RTL-1');

let folder: string;
let worlds: readonly EdgeModel[];
let drills: readonly Drill[];
const examples = new Map<string, Input>();

/**
 * Side by side: a few drills of several variants each, one of the profiles, one of the other examples, and one of the Core that keeps everything, whose secrets and
 * stores `keeping` attacks. An emulator and an edge for each Core would take minutes. What callers meet at the load balancer, who reaches whom and what the emulator
 * holds is tried on every Core; of the gates, which are one program, an attack meets each trait once: see `onceForEachTrait`.
 */
beforeAll(async () => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'constructs-test-'));
  for (const example of SAFE_EXAMPLES) examples.set(example, readInput(synthesized(example)));
  const apps = Array.from({ length: APPS }, (_, index) => new App({ outdir: path.join(folder, `variants-${index}`), analyticsReporting: false }));
  Object.entries(CORE_VARIANTS).forEach(([name, build], index) => build(new Stack(apps[index % APPS], stackOf(name))));
  const kept = new App({ outdir: path.join(folder, 'kept'), analyticsReporting: false });
  keptCore(new Stack(kept, stackOf(KEPT)));
  const written = apps.map((app) => readInput(app.synth().directory));
  const ofExamples = (which: (example: string) => boolean): Input[] => EXAMPLES.filter(which).flatMap((example) => examples.get(example) ?? []);
  const inputs = [
    { ...inputOf(ofExamples(isProfile)), attacks: WITHOUT_FLOODS, keepingAttacks: OF_PROFILES },
    { ...inputOf(ofExamples((example) => !isProfile(example))), attacks: WITHOUT_FLOODS },
    { ...inputOf([readInput(kept.synth().directory)]), attacks: WITHOUT_FLOODS, keepingAttacks: [] },
    ...written.map((input) => ({ ...inputOf([input]), keepingAttacks: [] })),
  ];
  worlds = inputs.map(({ templates }) => translate(onlyGraph(templates.map((template) => ground(template, SOMEWHERE)))));
  drills = await Promise.all(inputs.map((input) => drill({ ...input, attacks: onceForEachTrait(input.attacks, worlds) })));
}, 1_500_000);

function inputOf(inputs: readonly Input[]): DrillInput {
  return {
    templates: inputs.flatMap(({ templates }) => templates),
    assets: new Map(inputs.flatMap(({ assets }) => [...assets])),
    ...SOMEWHERE,
    attacks: ATTACKS,
    networkAttacks: NETWORK_ATTACKS,
    keepingAttacks: KEEPING,
    alarmAttacks: [],
    prove: false,
    keeper: keeperIn,
    makeKey,
    say: () => undefined,
  };
}
afterAll(async () => {
  await Promise.all(drills.map((drilled) => drilled.stop()));
  fs.rmSync(folder, { recursive: true, force: true });
});

const attacksOn = (name: string): AttackRecord[] => drills.flatMap(({ evidence }) => evidence.attacks).filter(({ target }) => target.stack === stackOf(name));
const targetsOf = (name: string, attack: string): string[] => attacksOn(name).filter((record) => record.attack === attack).map(({ target }) => target.constructPath ?? '');

describe.each(NAMES)('a Core %s', (name) => {
  test('withstands every attack that it has a target for, and leaves none undecided', () => {
    const records = attacksOn(name);
    expect(records.filter(({ verdict }) => verdict !== 'withstood').map(({ attack, saw, transcript }) => [attack, saw, ...transcript.slice(-20)].join('\n'))).toEqual([]);
    expect(records.filter(({ control }) => control.startsWith('NET-'))).not.toHaveLength(0);
    expect(records.filter(({ control }) => control.startsWith('TLS-'))).not.toHaveLength(0);
  });

  test('is held by the emulator as it is written', () => {
    const records = drills.flatMap(({ evidence }) => evidence.readbacks).filter(({ place }) => place.stack === stackOf(name));
    expect(records.filter(({ verdict }) => verdict === 'different')).toEqual([]);
    expect(records.filter(({ verdict }) => verdict === 'same').length).toBeGreaterThan(50);
  });
});

test('every attack on what callers meet, and on who reaches whom, has a target among them', () => {
  const made = new Set(drills.flatMap(({ evidence }) => evidence.attacks.map(({ attack }) => attack)));
  expect([...ATTACKS, ...NETWORK_ATTACKS].map(({ id }) => id).filter((id) => !made.has(id))).toEqual([]);
});

test.each(GATE_ATTACKS.map(({ id }) => id))('%s meets everything by which one of their gates is told from another', (id) => {
  const attack = ATTACKS.find((each) => each.id === id);
  if (attack === undefined) throw new Error(`There is no ${id}.`);
  const places = new Set(drills.flatMap(({ evidence }) => evidence.attacks).filter((record) => record.attack === id).map(({ target }) => `${target.stack}/${target.logicalId}`));
  const targets = worlds.flatMap((world) => attack.targets(world));
  const met = new Set(targets.filter(({ rule, listener }) => places.has(`${(rule ?? listener).place.stack}/${(rule ?? listener).place.logicalId}`)).flatMap((target) => metBy(attack, target)));
  expect(met.size).toBeGreaterThan(0);
  expect(targets.flatMap((target) => metBy(attack, target)).filter((trait) => !met.has(trait))).toEqual([]);
});

test('nothing leads to a Core whose exposure is off, and what is left is attacked all the same', () => {
  const attacks = new Set(attacksOn('with its exposure off').map(({ attack }) => attack));
  expect(attacks).toContain('NET-1.from-the-internet');
  expect(attacks).not.toContain('IDN-2.algorithms');
  expect(attacks).not.toContain('RTL-1.flood');
});

test('forged certificate headers are tried on both listeners that lead to one Core', () => {
  expect(targetsOf('on the open internet', 'IDN-7.spoofed-client-headers').map((target) => target.includes('/AdditionalRoutes/')).sort()).toEqual([false, true]);
});

test('a Core on the open internet is not called internal, nor its callers named', () => {
  const attacks = attacksOn('on the open internet').map(({ attack }) => attack);
  expect(attacks.filter((attack) => ['NET-7.internal', 'NET-2.unlisted-callers'].includes(attack))).toEqual([]);
});

test('whoever reaches providers tries names that nobody has listed, from behind a firewall that lets the listed ones pass', () => {
  const record = attacksOn('with an issuer of its own, that reaches providers').find(({ attack }) => attack === 'NET-5.unlisted-hosts');
  expect(record?.transcript.filter((line) => /answered \(443 tls /.test(line))).not.toHaveLength(0);
  expect(record?.transcript).toContainEqual(expect.stringMatching(/closed \(443/));
});

test('an example whose zone is outside the templates is drilled without its record, and says so', () => {
  expect(drills.flatMap(({ evidence }) => evidence.notEmulated)).toContainEqual(expect.objectContaining({
    place: expect.objectContaining({ stack: stackOf('public-api') }) as unknown,
    type: 'AWS::Route53::RecordSet',
    reason: expect.stringMatching(/^it refers to Z0123456789ABCDEFGHIJ, which the emulator does not have: /) as unknown,
  }));
});

test('an example whose listener is outside the templates is not drilled, and told what to do', async () => {
  const input = examples.get(NOT_DRILLED);
  await expect(drill(inputOf(input ? [input] : []))).rejects.toThrow(/ListenerArn is ".*": the listener is in none of the templates.*; synthesize its stack in the same app and refer to the listener by object\.$/);
});
