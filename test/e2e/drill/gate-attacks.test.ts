import type { AttackRecord } from '../../../src/drill/evidence';
import { GATE_ATTACKS } from '../../../src/drill/gate/attacks';
import { DrillTable } from '../../../src/drill/gate/table';
import { type AttackEvidence, runAttacks } from '../../../src/drill/run-attacks';
import type { GateConfiguration, PassedConfiguration } from '../../../src/gate/contract';
import { setStage, type Stage } from '../../support/drill-stage';
import { FETCHING, gateTemplate, KEYS_ONLY } from '../../support/gate-template';

const passing = (configuration: GateConfiguration, passes: PassedConfiguration): GateConfiguration => ({ ...configuration, core: { ...configuration.core, passes } });

/** Beside the one with tokens or keys, which is attacked and proven with the other templates, and passes nothing on. */
const GATES = {
  'keys alone, which the load balancer lets pass, and the Core sees': passing(KEYS_ONLY, { proof: 'key', header: 'authorization' }),
  'tokens whose keys it fetches itself, and the Core sees': passing(FETCHING, { proof: 'token' }),
} as const;

let stage: Stage;
const drilled: Record<string, AttackEvidence> = {};

beforeAll(async () => {
  stage = await setStage();
  // Neither has anything of the other's: only one of them takes tokens, and callers of the two never have one name.
  await Promise.all(Object.entries(GATES).map(async ([name, configuration]) => {
    const model = stage.translate([gateTemplate(configuration)]);
    const edge = await stage.start(model);
    drilled[name] = await runAttacks(GATE_ATTACKS, model, edge.open);
    await edge.stop();
  }));
}, 240_000);
afterAll(() => stage.stop());

test('unknown keys do not have a key set fetched more than once by each task, beside what the tasks ask for anyway', () => {
  const saw = drilled['tokens whose keys it fetches itself, and the Core sees']?.attacks.find(({ attack }) => attack === 'IDN-5.gate-unknown-keys')?.saw ?? '';
  const [, times = ''] = /The key set was asked for (\d+) times\.$/.exec(saw) ?? [];
  expect(times).not.toBe('');
  expect(Number(times)).toBeLessThanOrEqual(4);
});

test('a key that somebody has written down in the table is found', async () => {
  const careless = await setStage({
    makeKey: async (address, options) => {
      const table = new DrillTable(address);
      const { text } = await table.mintKey(options);
      await table.setKeySet('https://notes.test', JSON.stringify({ note: text }));
      table.close();
      return text;
    },
  });
  try {
    const model = careless.translate([gateTemplate(KEYS_ONLY)]);
    const edge = await careless.start(model);
    const { attacks } = await runAttacks(GATE_ATTACKS.filter(({ id }) => id === 'IDN-8.gate-stored-keys'), model, edge.open);
    expect(attacks.map(({ verdict, saw }) => ({ verdict, saw }))).toEqual([{ verdict: 'succeeded', saw: expect.stringMatching(/^Whoever looks finds the key in the table, /) as unknown }]);
  } finally {
    await careless.stop();
  }
}, 120_000);

const told = ({ attack, verdict, saw, transcript }: AttackRecord): string => [`${attack}: ${verdict}. ${saw}`, ...transcript.slice(-30)].join('\n');

test.each(Object.keys(GATES))('a gate that takes %s withstands every attack that it has a target for', (name) => {
  const { attacks = [] } = drilled[name] ?? {};
  expect(attacks.filter(({ verdict }) => verdict !== 'withstood').map(told)).toEqual([]);
  expect(attacks.length).toBeGreaterThan(10);
  expect(new Set(attacks.map(({ evidence }) => evidence))).toEqual(new Set(['real-artefact']));
});
