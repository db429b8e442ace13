import type { Json } from '../../src/checks/template/template';
import { COLUMNS } from '../../src/report/join';
import type { AttackRecord, Evidence, ProofRecord, ReadbackRecord } from '../../src/drill/evidence';
import type { KnownAttack } from '../../src/report/known-attack';
import { attack, evidence, proof, readback } from '../support/evidence';
import { type Artefacts, PROGRAMS, reportOf, rowOf, treeWith } from '../support/report';
import { template } from '../support/templates';

/** A listener of a network load balancer, of which the rule about its policy has something to say. */
function listener(SslPolicy: Json, Metadata: Record<string, Json> = { 'aws:cdk:path': 'Stack/Core/Listener' }): Json {
  return { Type: 'AWS::ElasticLoadBalancingV2::Listener', Metadata, Properties: { LoadBalancerArn: 'arn:elsewhere', Protocol: 'TLS', Port: 443, SslPolicy, DefaultActions: [] } };
}

const GOOD = 'ELBSecurityPolicy-TLS13-1-3-2021-06';
const OLD = 'ELBSecurityPolicy-2016-08';

function tls2(listeners: Record<string, Json>, artefacts: Artefacts = {}): ReturnType<typeof rowOf> {
  return rowOf(reportOf([template(listeners)], artefacts), 'TLS-2');
}

/** The row of TLS-2 where the drill left these records. */
function drilled(attacks: readonly Partial<AttackRecord>[], proofs: readonly Partial<ProofRecord>[] = [], readbacks: readonly Partial<ReadbackRecord>[] = []): ReturnType<typeof rowOf> {
  return tls2({}, { evidence: evidence({ attacks: attacks.map(attack), proofs: proofs.map(proof), readbacks: readbacks.map(readback) }) });
}

describe('A control is green only from artefacts', () => {
  test('nothing at all leaves every cell of every control without a verdict', () => {
    const { totals, rows } = reportOf([template({})]);
    expect(rows).toHaveLength(122);
    for (const column of COLUMNS) expect(totals[column]).toEqual({ good: 0, bad: 0, open: 0, none: 122 });
  });

  test('evidence without records makes nothing green, and says so differently than no evidence', () => {
    const { totals, rows } = reportOf([template({})], { evidence: evidence() });
    for (const column of COLUMNS) expect(totals[column].good).toBe(0);
    expect(new Set(rows.map(({ attackedTemplateIntent }) => attackedTemplateIntent.verdict))).toEqual(new Set(['no-attack']));
    expect(tls2({}).attackedTemplateIntent).toMatchObject({ verdict: 'not-attacked', tone: 'none', says: 'not attacked: run `cdk-secure-core drill`' });
  });

  test('programs alone make nothing typed: the constructs that refuse them must have been used', () => {
    const { totals } = reportOf([template({ Listener: listener(GOOD) })], { typed: { programs: PROGRAMS, constructs: treeWith() } });
    expect(totals.typed.good).toBe(0);
  });
});

describe('Typed', () => {
  const typed = { programs: PROGRAMS, constructs: treeWith('Stack/Core') };
  const elsewhere = listener(GOOD, { 'aws:cdk:path': 'Stack/Other/Listener' });

  test.each<[string, Record<string, Json>, Artefacts['typed'], string, string]>([
    ['everywhere', { A: listener(GOOD) }, typed, 'everywhere', 'good'],
    ['in part', { A: listener(GOOD), B: elsewhere }, typed, 'partly', 'open'],
    ['nowhere', { B: elsewhere }, typed, 'not-used', 'none'],
    ['where a path only starts alike', { B: listener(GOOD, { 'aws:cdk:path': 'Stack/CoreOfOthers/Listener' }) }, typed, 'not-used', 'none'],
    ['with nothing to be typed', {}, typed, 'nothing-to-judge', 'none'],
    ['without the record of the compiler', { A: listener(GOOD) }, { ...typed, programs: undefined }, 'not-proven', 'none'],
    ['without a construct tree', { A: listener(GOOD) }, { ...typed, constructs: undefined }, 'not-proven', 'none'],
    ['with the record of another version', { A: listener(GOOD) }, { ...typed, programs: { ...PROGRAMS, library: '2.0.0' } }, 'not-proven', 'none'],
    ['without a program', { A: listener(GOOD) }, { ...typed, programs: { ...PROGRAMS, programs: [] } }, 'no-program', 'none'],
  ])('%s', (_, listeners, artefact, verdict, tone) => {
    expect(tls2(listeners, artefact ? { typed: artefact } : {}).typed).toMatchObject({ verdict, tone });
  });

  test('names the resources that are outside, and the versions that differ', () => {
    expect(tls2({ A: listener(GOOD), B: elsewhere }, { typed }).typed.outside).toMatchObject([{ logicalId: 'B', constructPath: 'Stack/Other/Listener' }]);
    expect(tls2({ A: listener(GOOD) }, { typed: { ...typed, programs: { ...PROGRAMS, library: '2.0.0' } } }).typed.says).toBe('not proven: compiled for 2.0.0, synthesized with 1.0.0');
  });
});

describe('Checked', () => {
  const answer = { 'cdk-secure-core:acknowledge': [{ id: 'SecureCore::TLS-2.policy', reason: 'Until spring.' }] };

  test.each<[string, Record<string, Json>, string, string]>([
    ['passed', { A: listener(GOOD) }, 'passed', 'good'],
    ['failed beside a pass', { A: listener(GOOD), B: listener(OLD) }, 'failed', 'bad'],
    ['undecidable', { A: listener({ 'Fn::ImportValue': 'Policy' }) }, 'undecidable', 'bad'],
    ['acknowledged, which is not passed', { A: listener(GOOD), B: listener(OLD, answer) }, 'acknowledged', 'open'],
    ['with nothing to judge', {}, 'nothing-to-judge', 'none'],
  ])('%s', (_, listeners, verdict, tone) => {
    expect(tls2(listeners).checked).toMatchObject({ verdict, tone });
  });

  test('without a rule', () => {
    expect(rowOf(reportOf([template({})]), 'SUP-3').checked).toMatchObject({ verdict: 'no-rule', tone: 'none' });
  });

  test('tells the reason of an acknowledgement, and what no rule could see into', () => {
    expect(tls2({ B: listener(OLD, answer) }).checked.acknowledged).toMatchObject([{ reason: 'Until spring.' }]);
    const { unreadable, acknowledgedUnreadable } = reportOf([template({ 'Fn::ForEach::Topics': [], 'A': listener(OLD) })]);
    expect(unreadable.map(({ rule }) => rule)).toEqual(['engine.unreadable']);
    expect(acknowledgedUnreadable).toEqual([]);
  });
});

describe('Attacked', () => {
  test.each<[string, Partial<AttackRecord>[], Partial<ProofRecord>[], string, string]>([
    ['withstood', [{}], [], 'withstood', 'good'],
    ['withstood and proven', [{}], [{}], 'withstood', 'good'],
    ['withstood, with nothing to take away', [{}], [{ verdict: 'not-applicable' }], 'withstood', 'good'],
    ['succeeded once', [{}, { verdict: 'succeeded' }, { verdict: 'inconclusive' }], [], 'succeeded', 'bad'],
    ['inconclusive once', [{}, { verdict: 'inconclusive' }], [], 'inconclusive', 'open'],
    ['withstood by an attack that withstands its saboteur', [{}], [{}, { verdict: 'withstood' }], 'unproven', 'open'],
    ['withstood with an inconclusive proof', [{}], [{ verdict: 'inconclusive' }], 'unproven', 'open'],
    ['succeeded with a blind proof', [{ verdict: 'succeeded' }], [{ verdict: 'withstood' }], 'succeeded', 'bad'],
  ])('%s', (_, attacks, proofs, verdict, tone) => {
    expect(drilled(attacks, proofs).attackedTemplateIntent).toMatchObject({ verdict, tone });
  });

  const known = (aspect: string, ...saboteurs: readonly string[]): KnownAttack =>
    ({ id: `TLS-2.${aspect}`, control: 'TLS-2', evidence: 'template-intent', saboteurs: saboteurs.map((name) => ({ name })) });
  const MISSING = 'missing in the evidence: drill again';
  const INVENTED = attack({ attack: 'TLS-2.invented' });
  const noTarget = { attack: 'TLS-2.ciphers', control: 'TLS-2' as const, reason: 'no listener' };

  test.each<[string, Partial<Evidence>, KnownAttack[], string, string, string]>([
    ['an attack that the evidence does not account for', { attacks: [attack()] }, [known('old-versions'), known('ciphers')], 'incomplete', 'open', `1 of 2 attacks ${MISSING}`],
    ['no attack at all where some are known', {}, [known('old-versions')], 'incomplete', 'open', `1 of 1 attack ${MISSING}`],
    ['an attack that nobody knows', { attacks: [attack(), INVENTED] }, [known('old-versions')], 'incomplete', 'open', 'holds TLS-2.invented, which this version does not know: drill again'],
    ['an attack in the wrong class', { attacks: [attack({ evidence: 'real-artefact' })] }, [known('old-versions')], 'incomplete', 'open', `1 of 1 attack ${MISSING}`],
    ['a proof that was left out', { attacks: [attack()], proofs: [proof({ saboteur: 'a' })] }, [known('old-versions', 'a', 'b')], 'incomplete', 'open', `withstood 1 attack, but 1 proof ${MISSING}`],
    ['a success beside a missing attack', { attacks: [attack({ verdict: 'succeeded' })] }, [known('old-versions'), known('ciphers')], 'succeeded', 'bad', '1 of 1 attack succeeded'],
    ['no target for a further attack', { attacks: [attack()], noTarget: [noTarget] }, [known('old-versions'), known('ciphers')], 'withstood', 'good', 'withstood 1 attack; proofs not run'],
    ['nothing but attacks without a target', { noTarget: [noTarget] }, [known('ciphers')], 'no-target', 'none', 'nothing here for 1 attack'],
  ])('with %s', (_, records, attacks, verdict, tone, says) => {
    expect(tls2({}, { evidence: evidence(records), attacks }).attackedTemplateIntent).toMatchObject({ verdict, tone, says });
  });

  test('never merges the two classes', () => {
    const row = drilled([{}, { attack: 'TLS-2.code', evidence: 'real-artefact', verdict: 'succeeded' }], [{}]);
    expect(row.attackedTemplateIntent).toMatchObject({ tone: 'good', says: 'withstood 1 attack; proven able to succeed' });
    expect(row.attackedTemplateIntent.attacks).toHaveLength(1);
    expect(row.attackedRealArtefact).toMatchObject({ tone: 'bad', says: '1 of 1 attack succeeded', proofs: [] });
    expect(drilled([{}]).attackedRealArtefact).toMatchObject({ tone: 'none', verdict: 'no-attack' });
  });

  test('shows whether proofs were run, and for how many of the attacks', () => {
    expect(drilled([{}]).attackedTemplateIntent.says).toBe('withstood 1 attack; proofs not run');
    expect(drilled([{}, { attack: 'TLS-2.ciphers' }], [{}]).attackedTemplateIntent.says).toBe('withstood 2 attacks; 1 of 2 proven able to succeed');
    expect(drilled([{}], [{ verdict: 'not-applicable' }]).attackedTemplateIntent.says).toBe('withstood 1 attack; 0 of 1 proven able to succeed');
  });

  test('leaves the other controls alone and lists attacks without a target', () => {
    const noTarget = [{ attack: 'IDN-6.none', control: 'IDN-6' as const, reason: 'no listener asks for certificates' }];
    const report = reportOf([template({})], { evidence: evidence({ attacks: [attack()], noTarget }) });
    expect(report.totals.attackedTemplateIntent).toEqual({ good: 1, bad: 0, open: 0, none: 121 });
    expect(rowOf(report, 'IDN-6')).toMatchObject({ noTarget, attackedTemplateIntent: { tone: 'none' } });
  });
});

describe('Read back', () => {
  test.each<[string, Partial<ReadbackRecord>[], string, string]>([
    ['same', [{}], 'same', 'good'],
    ['different once', [{}, { verdict: 'different' }, { verdict: 'not-held' }], 'different', 'bad'],
    ['held in part', [{}, { verdict: 'not-held' }], 'partly-held', 'open'],
    ['not held', [{ verdict: 'not-held' }], 'not-held', 'none'],
    ['without a claim', [], 'no-claim', 'none'],
  ])('%s', (_, records, verdict, tone) => {
    const artefacts = { evidence: evidence({ readbacks: records.map(readback) }) };
    expect(tls2({ A: listener(GOOD) }, artefacts).readBack).toMatchObject({ verdict, tone });
  });

  test.each<[string, Record<string, Json>, Partial<Evidence>, string]>([
    ['nothing by itself', {}, {}, 'none'],
    ['nothing of a control that a rule finds broken', { A: listener(OLD) }, {}, 'none'],
    ['nothing of a control that an attack broke, whatever the rules say', { A: listener(GOOD) }, { attacks: [attack({ verdict: 'succeeded' })] }, 'none'],
    ['what a rule has passed', { A: listener(GOOD) }, {}, 'good'],
    ['what was withstood', {}, { attacks: [attack()] }, 'good'],
  ])('confirms %s', (_, resources, records, tone) => {
    const artefacts = { evidence: evidence({ ...records, readbacks: [readback()] }) };
    expect(tls2(resources, artefacts).readBack).toMatchObject({ verdict: 'same', tone, says: tone === 'good' ? '1 same' : '1 same; shows nothing by itself' });
  });
});

describe('The way of a request', () => {
  test('names at each hop the controls whose rules, attacks or readbacks are about it', () => {
    const LoadBalancer = { Type: 'AWS::ElasticLoadBalancingV2::LoadBalancer', Properties: { Type: 'application' } };
    const Listener = { Type: 'AWS::ElasticLoadBalancingV2::Listener', Properties: { LoadBalancerArn: { Ref: 'LoadBalancer' }, Protocol: 'HTTPS', Port: 443, SslPolicy: GOOD, DefaultActions: [] } };
    const about = { stack: 'Stack', logicalId: 'Listener' };
    const controls = (artefacts: Artefacts): readonly string[] => reportOf([template({ LoadBalancer, Listener })], artefacts).paths[0]?.controls['load balancer'] ?? [];
    expect(controls({})).toEqual(expect.arrayContaining(['TLS-2', 'RTL-1']));
    expect(controls({})).not.toContain('IDN-7');
    expect(controls({ evidence: evidence({ attacks: [attack({ control: 'IDN-7', target: about })] }) })).toContain('IDN-7');
    expect(controls({ evidence: evidence({ readbacks: [readback({ control: 'SEC-2', place: about })] }) })).toContain('SEC-2');
  });

  test('is drawn even where the templates leave most of it open', () => {
    const unknown = { 'Fn::ImportValue': 'Elsewhere' };
    const LoadBalancer = { Type: 'AWS::ElasticLoadBalancingV2::LoadBalancer', Properties: { Type: unknown, SecurityGroups: unknown, Scheme: unknown } };
    const Listener = { Type: 'AWS::ElasticLoadBalancingV2::Listener', Properties: { LoadBalancerArn: { Ref: 'LoadBalancer' }, Protocol: unknown, DefaultActions: unknown } };
    expect(reportOf([template({ LoadBalancer, Listener })]).paths).toMatchObject([{ listeners: [{ answers: [{ when: 'anything else', answer: 'what only a deployment knows' }] }] }]);
  });
});
