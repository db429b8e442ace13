import { LISTENER } from '../../checks/rules/load-balancing';
import { TLS_1_2_RESTRICTED_POLICIES } from '../../checks/rules/tls';
import { listed } from '../../listed';
import { type AttackTarget, defineAttack, type Saboteur } from '../attack';
import type { EdgeModel, ListenerModel, TlsVersion } from '../edge/model';
import { omit, saboteur } from '../saboteurs';
import type { Scene } from '../scene';
import { MAX_LISTED } from './attempts';
import { type Accepted, scan } from './sslyze';
import { tlsOf } from './targets';

/** Gives every listener that has a TLS policy another one, unless the other would take nothing away from it. */
function policyBecomes(name: string, isNoWorseThan: (policy: unknown) => boolean = () => false): Saboteur {
  return saboteur(`SslPolicy becomes ${name}`, [LISTENER], (properties) => (
    'SslPolicy' in properties && !isNoWorseThan(properties.SslPolicy) ? { ...properties, SslPolicy: name } : undefined
  ));
}

const POLICY_DELETED = saboteur('SslPolicy deleted', [LISTENER], (properties) => ('SslPolicy' in properties ? omit(properties, 'SslPolicy') : undefined));

const tlsListeners = ({ listeners }: EdgeModel): AttackTarget[] => listeners.filter(({ tls }) => tls !== undefined).map((listener) => ({ listener }));

/** Whether somebody has chosen one of the restricted policies, for a caller who has no TLS 1.3. */
function optsDown(policy: unknown): boolean {
  return TLS_1_2_RESTRICTED_POLICIES.some((name) => name === policy);
}

/** Versions that nobody may be served with. */
function tooOld(policyName: string): TlsVersion[] {
  return ['TLSv1', 'TLSv1.1', ...(optsDown(policyName) ? [] : ['TLSv1.2' as const])];
}

/** Throws where no handshake works at all: nothing can be learned of a port like that. */
async function acceptedBy(listener: ListenerModel, scene: Scene): Promise<Accepted> {
  const accepted = await scan(scene, listener);
  if (Object.values(accepted).flat().length === 0) throw new Error(`Port ${listener.port} takes no cipher suite of any version.`);
  return accepted;
}

export const OLD_VERSIONS = defineAttack('TLS-2', 'old-versions', {
  tries: 'Offers every HTTPS port TLS 1.0, 1.1, 1.2 and 1.3, each by itself (sslyze).',
  expects: 'TLS 1.3 is taken and nothing older; 1.2 only where the policy is a restricted one that somebody chose.',
  evidence: 'template-intent',
  needs: 'HTTPS listener',
  targets: tlsListeners,
  async run({ listener }, scene) {
    const accepted = await acceptedBy(listener, scene);
    const old = tooOld(tlsOf(listener).policy.name).filter((version) => accepted[version].length > 0);
    if (old.length > 0) return { verdict: 'succeeded', saw: `Port ${listener.port} speaks ${listed(old, MAX_LISTED)}.` };
    if (accepted['TLSv1.3'].length === 0) return { verdict: 'succeeded', saw: `Port ${listener.port} does not speak TLS 1.3.` };
    return { verdict: 'withstood', saw: `Port ${listener.port} speaks ${accepted['TLSv1.2'].length > 0 ? 'TLS 1.2, by choice, and 1.3' : 'TLS 1.3 and nothing older'}.` };
  },
  saboteurs: [policyBecomes('ELBSecurityPolicy-2016-08'), POLICY_DELETED, policyBecomes('ELBSecurityPolicy-TLS13-1-2-2021-06', optsDown)],
});

/** Forward secrecy and authenticated encryption: what the suites of TLS 1.2 need to have, and those of 1.3 always do. */
const MODERN = /^(ECDHE|DHE)-.*(GCM|CHACHA20-POLY1305)/;

export const CIPHERS = defineAttack('TLS-2', 'ciphers', {
  tries: 'Offers every HTTPS port each cipher suite by itself (sslyze).',
  expects: 'Only suites with forward secrecy and authenticated encryption are taken: no CBC, RC4, 3DES, and no RSA key exchange.',
  evidence: 'template-intent',
  needs: 'HTTPS listener',
  targets: tlsListeners,
  async run({ listener }, scene) {
    const accepted = await acceptedBy(listener, scene);
    const weak = [...new Set([accepted.TLSv1, accepted['TLSv1.1'], accepted['TLSv1.2']].flat())].filter((suite) => !MODERN.test(suite));
    return weak.length > 0
      ? { verdict: 'succeeded', saw: `Port ${listener.port} takes ${listed(weak, MAX_LISTED)}.` }
      : { verdict: 'withstood', saw: `Port ${listener.port} takes ${Object.values(accepted).flat().length} suites, all of them with forward secrecy and authenticated encryption.` };
  },
  // The first has suites in CBC mode, the second RSA key exchange besides (elasticloadbalancing describe-ssl-policies).
  saboteurs: [policyBecomes('ELBSecurityPolicy-TLS13-1-2-2021-06'), policyBecomes('ELBSecurityPolicy-TLS13-1-2-Ext1-2021-06'), policyBecomes('ELBSecurityPolicy-2016-08')],
});
