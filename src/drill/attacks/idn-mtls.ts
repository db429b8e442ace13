import { type Attack, defineAttack, type Saboteur } from '../attack';
import type { EdgeModel, ListenerModel } from '../edge/model';
import { MUTUAL_OFF, MUTUAL_PASSTHROUGH, mutualSaboteur, removal } from '../saboteurs';
import type { ClientCertificate, ClientCertificateMint, WireRequest } from '../scene';
import { forwardedAnswer, tryAll } from './attempts';
import { forwardingListeners, ruleOf, type RuleTarget } from './targets';

const verifying = (edge: EdgeModel): RuleTarget[] => forwardingListeners(edge, ({ tls }) => tls?.clients?.mode === 'verify');
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

/** In which the load balancer tells the Core who has called (elasticloadbalancing, mutual-authentication), by the names that the listener gives them. */
function identityHeaders({ renamedHeaders = {} }: ListenerModel): string[] {
  const names = ['Serial-Number', 'Issuer', 'Subject', 'Validity', 'Leaf'].map((part) => `X-Amzn-Mtls-Clientcert-${part}`);
  return names.map((name) => renamedHeaders[name.toLowerCase()] ?? name);
}

const spoofedHeaders = defineAttack('IDN-7', 'spoofed-client-headers', {
  tries: 'Connects with a good certificate and sends the headers in which the load balancer tells the Core who called, in several spellings, with values of its own.',
  expects: 'The Core receives none of the values. AWS does not say that it overwrites them: this proves the template as we read it.',
  evidence: 'template-intent',
  needs: NEEDS,
  targets: verifying,
  async run(target, scene) {
    const request = await scene.legitimate(target.listener, ruleOf(target));
    const names = identityHeaders(target.listener);
    for (const spell of [(name: string) => name, (name: string) => name.toLowerCase(), (name: string) => name.toUpperCase()]) {
      const claimed = scene.canary();
      const spoofed: WireRequest = { ...request, headers: { ...request.headers, ...Object.fromEntries(names.map((name) => [spell(name), claimed])) } };
      await forwardedAnswer(scene, target.listener, spoofed);
      if (scene.reached(claimed) > 0) return { verdict: 'succeeded', saw: 'The Core received an identity header with the caller\'s own value.' };
    }
    return { verdict: 'withstood', saw: `The Core received the requests and none of the ${names.length} headers with the caller's own value.` };
  },
  saboteurs: [MUTUAL_OFF, MUTUAL_PASSTHROUGH],
});

export const CERTIFICATE_ATTACKS: readonly Attack[] = [noCertificate, untrusted, expired, revoked, spoofedHeaders];
