import type { Template } from '../../../src/checks/template/template';
import { ground } from '../../../src/drill/emulator/ground';
import { onlyGraph } from '../../../src/drill/emulator/only-graph';
import type { AttackRecord, ProofRecord } from '../../../src/drill/evidence';
import { attackKeeping, COMING_BACK_ATTACKS, keepingGround, type KeepingModel, proveKeeping } from '../../../src/drill/keeping';
import { Supervisor } from '../../../src/drill/processes/supervisor';
import type { AttackEvidence } from '../../../src/drill/run-attacks';
import { openToolbox } from '../../../src/drill/toolbox/toolbox';
import { backedTemplate } from './fixtures/backed';

const SOMEWHERE = { account: '111122223333', region: 'eu-central-1', parameters: new Map<string, string>() };
const translate = (templates: readonly Template[]): KeepingModel => ({ graph: onlyGraph(templates.map((template) => ground(template, SOMEWHERE))) });

let supervisor: Supervisor;
let evidence: AttackEvidence;
let proofs: readonly ProofRecord[];

beforeAll(async () => {
  const [opened, toolbox] = await Promise.all([Supervisor.open(), openToolbox(() => undefined)]);
  supervisor = opened;
  const templates = [backedTemplate()];
  const standing = keepingGround({ supervisor, toolbox, ...SOMEWHERE, assets: new Map() });
  evidence = await attackKeeping(COMING_BACK_ATTACKS, translate(templates), templates, standing);
  proofs = await proveKeeping(COMING_BACK_ATTACKS, templates, { ...standing, translate });
}, 600_000);
afterAll(() => supervisor.stop());

const told = ({ attack, verdict, saw }: AttackRecord | ProofRecord): string => `${attack}: ${verdict}. ${saw}`;

test('what is backed up by hand withstands every attack, and each has a target', () => {
  expect(evidence.attacks.filter(({ verdict }) => verdict !== 'withstood').map(told)).toEqual([]);
  expect(evidence.noTarget).toEqual([]);
});

test.each(COMING_BACK_ATTACKS.flatMap(({ id, saboteurs }) => saboteurs.map(({ name }) => [id, name] as const)))('%s is proven able to fail: %s', (attack, saboteur) => {
  const records = proofs.filter((proof) => proof.attack === attack && proof.saboteur === saboteur);
  expect(records.map(told)).toEqual([expect.stringMatching(/: succeeded\. /)]);
});
