import type { Template } from '../../../src/checks/template/template';
import type { AttackRecord, ProofRecord } from '../../../src/drill/evidence';
import { attackNetworks, NETWORK_ATTACKS, networkGround, type NetworkModel, proveNetworks, translateNetwork } from '../../../src/drill/network';
import { findNamespaces } from '../../../src/drill/network/wire';
import { Supervisor } from '../../../src/drill/processes/supervisor';
import type { AttackEvidence } from '../../../src/drill/run-attacks';
import { openToolbox } from '../../../src/drill/toolbox/toolbox';
import { internetCoreTemplate } from '../../support/core-variants';
import { remoteCoreTemplate } from '../../support/drilled';
import { graphOf, plainNetwork } from '../../drill/network/plain-network';

const NETWORKS: Readonly<Record<string, () => readonly Template[]>> = {
  'remote-core': () => [remoteCoreTemplate()],
  'a Core on the open internet': () => [internetCoreTemplate()],
  'plain CDK behind a firewall': () => [plainNetwork()],
};
const translate = (templates: readonly Template[]): NetworkModel => translateNetwork(graphOf(templates));
const evidence: Record<string, AttackEvidence & { readonly proofs: readonly ProofRecord[] }> = {};
let supervisor: Supervisor;
let envoy: string;

beforeAll(async () => {
  [supervisor, { envoy }] = await Promise.all([Supervisor.open(), openToolbox(() => undefined)]);
  for (const [name, synthesize] of Object.entries(NETWORKS)) {
    const templates = synthesize();
    const ground = networkGround({ supervisor, envoy });
    evidence[name] = {
      ...await attackNetworks(NETWORK_ATTACKS, translate(templates), ground), proofs: await proveNetworks(NETWORK_ATTACKS, templates, { ...ground, translate }),
    };
  }
}, 240_000);
afterAll(() => supervisor.stop());

const told = ({ attack, verdict, saw }: AttackRecord | ProofRecord): string => `${attack}: ${verdict}. ${saw}`;

test('this machine can make namespaces, or none of the tests below says anything', () => {
  expect(findNamespaces()).toMatchObject({ command: 'unshare' });
});

test.each(Object.keys(NETWORKS))('%s withstands every attack', (name) => {
  const attacks = evidence[name]?.attacks ?? [];
  expect(attacks.filter(({ verdict }) => verdict !== 'withstood').map(told)).toEqual([]);
  // Without a gate there is nothing to get past.
  const controls = ['NET-1', 'NET-2', 'NET-3', 'NET-4', 'NET-5', name === 'plain CDK behind a firewall' ? 'DAT-3' : 'NET-6', 'NET-7'];
  expect(new Set(attacks.map(({ control }) => control))).toEqual(new Set(controls));
});

test.each(Object.keys(NETWORKS))('%s: with a protection taken away, every attack succeeds', (name) => {
  const proofs = evidence[name]?.proofs ?? [];
  expect(proofs.filter(({ verdict }) => verdict !== 'succeeded' && verdict !== 'not-applicable').map((proof) => `${proof.saboteur}: ${told(proof)}`)).toEqual([]);
});

test.each(NETWORK_ATTACKS.flatMap(({ id, saboteurs }) => saboteurs.map(({ name }) => [id, name] as const)))('%s is proven able to fail: %s', (attack, saboteur) => {
  const records = Object.values(evidence).flatMap(({ proofs }) => proofs).filter((proof) => proof.attack === attack && proof.saboteur === saboteur);
  expect(records.map(({ verdict }) => verdict)).toContain('succeeded');
});

test('a record says who dialled whom, and what came of it, between the connections that have to stand', () => {
  const record = evidence['plain CDK behind a firewall']?.attacks.find(({ attack }) => attack === 'NET-5.unlisted-hosts');
  expect(record?.target.stack).toBe('Plain');
  expect(record?.transcript.filter((line) => /connections that have to stand$/.test(line))).toHaveLength(2);
  expect(record?.transcript).toContainEqual(expect.stringMatching(/^CoreService.*answered \(443 tls provider\.example\)$/));
  expect(record?.transcript).toContainEqual(expect.stringMatching(/^CoreService.*closed \(443, 443 tls secrets\.exfiltration\.invalid, 443 tls\)$/));
});

test('where namespaces cannot be made every attack is inconclusive, and says why', async () => {
  const ground = networkGround({ supervisor, envoy, namespaces: 'nft is missing: install the packages util-linux, iproute2 and nftables.' });
  const { attacks } = await attackNetworks(NETWORK_ATTACKS, translate([plainNetwork()]), ground);
  expect(attacks.length).toBeGreaterThan(0);
  expect(new Set(attacks.map(({ verdict }) => verdict))).toEqual(new Set(['inconclusive']));
  expect(attacks[0]?.saw).toContain('nft is missing');
});
