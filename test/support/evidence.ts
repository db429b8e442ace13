import { readInput } from '../../src/cli/inputs';
import { EVERY_ATTACK } from '../../src/drill/every-attack';
import { digestsOf, readEvidence } from '../../src/drill/evidence-file';
import type { AttackRecord, Evidence, ProofRecord, ReadbackRecord, TemplateDigest } from '../../src/drill/evidence';

const PLACE = { stack: 'RemoteCore', logicalId: 'CoreIngressListener' };

export function attack(overrides: Partial<AttackRecord> = {}): AttackRecord {
  return {
    attack: 'TLS-2.old-versions',
    control: 'TLS-2',
    evidence: 'template-intent',
    tries: 'Speaks TLS 1.0, 1.1 and 1.2.',
    expects: 'Every handshake below TLS 1.3 fails.',
    target: PLACE,
    verdict: 'withstood',
    saw: 'Three handshakes failed, the one of TLS 1.3 did not.',
    transcript: ['> ClientHello TLSv1.2', '< alert protocol_version'],
    ...overrides,
  };
}

export function proof(overrides: Partial<ProofRecord> = {}): ProofRecord {
  return { attack: 'TLS-2.old-versions', control: 'TLS-2', saboteur: 'SslPolicy becomes ELBSecurityPolicy-2016-08', verdict: 'succeeded', saw: 'TLS 1.0 was spoken.', ...overrides };
}

export function readback(overrides: Partial<ReadbackRecord> = {}): ReadbackRecord {
  return { control: 'TLS-2', place: PLACE, type: 'AWS::ElasticLoadBalancingV2::Listener', property: 'SslPolicy', verdict: 'same', saw: 'ELBSecurityPolicy-TLS13-1-3-2021-06', ...overrides };
}

export function evidence(overrides: Partial<Evidence> = {}): Evidence {
  return { version: 1, templates: [digest()], parameters: [], engines: ['envoy 1.40.0', 'ministack 1.5.33'], attacks: [], proofs: [], readbacks: [], notEmulated: [], noTarget: [], ...overrides };
}

export function digest(overrides: Partial<TemplateDigest> = {}): TemplateDigest {
  return { stack: 'RemoteCore', file: 'RemoteCore.template.json', sha256: 'ab'.repeat(32), ...overrides };
}

/** As a full drill leaves it: every attack that is not carried out has no target. */
export function whole({ attacks = [], noTarget = [], ...others }: Partial<Evidence> = {}): Evidence {
  const named = new Set([...attacks, ...noTarget].map(({ attack: id }) => id));
  const untried = EVERY_ATTACK.filter(({ id }) => !named.has(id)).map(({ id, control, needs }) => ({ attack: id, control, reason: `The templates have no ${needs}.` }));
  return evidence({ ...others, attacks, noTarget: [...noTarget, ...untried] });
}

export function digestsIn(assembly: string): TemplateDigest[] {
  return digestsOf(assembly, readInput(assembly).templates);
}

export function evidenceIn(assembly: string): Evidence | undefined {
  return readEvidence(assembly, digestsIn(assembly));
}
