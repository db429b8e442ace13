import { type Attack, defineAttack, type Saboteur } from '../attack';
import type { EdgeModel, ListenerModel } from '../edge/model';
import { CLAIMS_UNREAD } from '../rule-saboteurs';
import { MUTUAL_OFF, MUTUAL_PASSTHROUGH, mutualSaboteur, removal } from '../saboteurs';
import type { ClientCertificate, ClientCertificateMint, WireRequest } from '../scene';
import { tryAll } from './attempts';
import { forwardingListeners, ruleOf, type RuleTarget } from './targets';

const verifying = (edge: EdgeModel): RuleTarget[] => forwardingListeners(edge, verifies);
const NEEDS = 'listener that verifies callers\' certificates and forwards';

interface BadCertificates {
  readonly aspect: string;
  readonly tries: string;
  readonly certificates: (mint: ClientCertificateMint) => Readonly<Record<string, ClientCertificate | undefined>>;
  readonly saboteurs: readonly [Saboteur, ...Saboteur[]];
}

/** One attack for each protection, so that each is proven to hold by itself. */
function defineCertificateAttack({ aspect, tries, certificates, saboteurs }: BadCertificates): Attack {
  return defineAttack('IDN-6', aspect, {
    tries,
    expects: 'The handshake fails, or the request is refused; nothing reaches the Core.',
    evidence: 'template-intent',
    needs: NEEDS,
    targets: verifying,
    async run(target, scene) {
      const request = await scene.legitimate(target.listener, ruleOf(target));
      const shown = Object.entries(certificates(scene.clients));
      return tryAll(scene, target.listener, shown.map(([name, client]) => ({ name, request: { ...request, client } })));
    },
    saboteurs,
  });
}

const noCertificate = defineCertificateAttack({
  aspect: 'no-certificate',
  tries: 'Connects without a certificate.',
  certificates: () => ({ 'no certificate': undefined }),
  saboteurs: [MUTUAL_OFF, MUTUAL_PASSTHROUGH],
});

const untrusted = defineCertificateAttack({
  aspect: 'untrusted-certificates',
  tries: 'Connects with a self-signed certificate, and with one of an authority that only bears the trusted one\'s name.',
  certificates: (mint) => ({ 'a self-signed certificate': mint.selfSigned(), 'a certificate of the wrong authority': mint.wrongAuthority() }),
  saboteurs: [MUTUAL_PASSTHROUGH, MUTUAL_OFF],
});

const expired = defineCertificateAttack({
  aspect: 'expired-certificate',
  tries: 'Connects with an expired certificate of the trusted authority.',
  certificates: (mint) => ({ 'an expired certificate': mint.expired() }),
  saboteurs: [mutualSaboteur('IgnoreClientCertificateExpiry becomes true', (mutual) => ({ ...mutual, IgnoreClientCertificateExpiry: true })), MUTUAL_PASSTHROUGH],
});

const revoked = defineCertificateAttack({
  aspect: 'revoked-certificate',
  tries: 'Connects with a certificate of the trusted authority that stands on its revocation list.',
  certificates: (mint) => ({ 'a revoked certificate': mint.revoked() }),
  saboteurs: [removal('TrustStoreRevocation deleted', 'AWS::ElasticLoadBalancingV2::TrustStoreRevocation'), MUTUAL_PASSTHROUGH],
});

const verifies = ({ tls }: ListenerModel): boolean => tls?.clients?.mode === 'verify';

/** Listeners that lead to a Core which is told by certificates who calls: those that verify them, and those that stand beside. */
function spoofable(edge: EdgeModel): RuleTarget[] {
  const informed = new Set(edge.listeners.filter(verifies).flatMap(targetGroupsOf));
  return forwardingListeners(edge, (listener) => targetGroupsOf(listener).some((group) => informed.has(group)));
}

function targetGroupsOf({ rules }: ListenerModel): string[] {
  const targets = rules.flatMap(({ actions }) => actions).flatMap((action) => (action.kind === 'forward' ? action.targets : []));
  return targets.map(({ targetGroup: { stack, logicalId } }) => `${stack}/${logicalId}`);
}

/** In which the load balancer tells the Core who has called (elasticloadbalancing, mutual-authentication), by the names that the listeners which verify give them. */
function identityHeaders(listeners: readonly ListenerModel[]): string[] {
  const names = ['Serial-Number', 'Issuer', 'Subject', 'Validity', 'Leaf'].map((part) => `X-Amzn-Mtls-Clientcert-${part}`);
  const given = listeners.filter(verifies).flatMap(({ renamedHeaders = {} }) => names.map((name) => renamedHeaders[name.toLowerCase()] ?? name));
  return given.length > 0 ? [...new Set(given)] : names;
}

const spoofedHeaders = defineAttack('IDN-7', 'spoofed-client-headers', {
  tries: [
    'Calls as somebody who may, on every listener that leads to a Core behind client certificates, and sends the headers in which',
    'the load balancer tells the Core who called, in several spellings, with values of its own.',
  ].join(' '),
  expects: 'The Core receives none of the values. AWS does not say whether it overwrites them or lets them pass: this proves the template as we read it.',
  evidence: 'template-intent',
  needs: NEEDS,
  targets: spoofable,
  async run(target, scene) {
    const request = await scene.legitimate(target.listener, ruleOf(target));
    const names = identityHeaders([target.listener, ...scene.model.listeners]);
    // Each by itself: a request that is refused for one of them says nothing of the others.
    for (const name of names.flatMap((each) => [each, each.toLowerCase(), each.toUpperCase()])) {
      const claimed = scene.canary();
      const spoofed: WireRequest = { ...request, headers: { ...request.headers, [name]: claimed } };
      // Refused or forwarded without it is all the same.
      await scene.send(target.listener, spoofed);
      if (scene.reached(claimed) > 0) return { verdict: 'succeeded', saw: `The Core received ${name} with the caller's own value.` };
    }
    return { verdict: 'withstood', saw: `The Core received none of the ${names.length} headers with the caller's own value.` };
  },
  saboteurs: [MUTUAL_OFF, MUTUAL_PASSTHROUGH, CLAIMS_UNREAD],
});

export const CERTIFICATE_ATTACKS: readonly Attack[] = [noCertificate, untrusted, expired, revoked, spoofedHeaders];
