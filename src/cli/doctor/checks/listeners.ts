import { TLS_1_2_RESTRICTED_POLICIES, TLS_1_3_POLICIES } from '../../../checks/rules/tls';
import { listed } from '../../../listed';
import type { ExaminedListener } from '../aws';
import { answerOf, type Check, examine, forEach, type Judged, judgedBy, OK, okIf, type Result, unknown, wrong } from '../examine';
import { balancersOf, type FoundGate, type Ward } from '../ward';
import { examineCertificates } from './certificates';

const POLICIES: ReadonlySet<string> = new Set([...TLS_1_3_POLICIES, ...TLS_1_2_RESTRICTED_POLICIES]);
const HSTS = 'routing.http.response.strict_transport_security.header_value';
const SHOWN = 3;

const isTls = ({ Protocol }: ExaminedListener): boolean => Protocol === 'HTTPS' || Protocol === 'TLS';

export const LISTENERS: readonly Check<ExaminedListener>[] = [
  {
    item: 'listeners.tls',
    judge: (listener) => {
      const redirects = (listener.DefaultActions ?? []).every(({ Type, RedirectConfig }) => Type === 'redirect' && RedirectConfig?.Protocol === 'HTTPS');
      return okIf(isTls(listener) || redirects, 'speaks without TLS');
    },
  },
  { item: 'listeners.policy', judge: (listener) => (isTls(listener) ? okIf(POLICIES.has(listener.SslPolicy ?? ''), `has the policy ${listener.SslPolicy ?? 'of nobody'}`) : undefined) },
  { item: 'listeners.default', judge: ({ DefaultActions = [] }) => okIf(!DefaultActions.some(({ Type }) => Type === 'forward'), 'forwards whatever no rule is about') },
  { item: 'listeners.hsts', judge: (listener) => (isTls(listener) ? okIf(/max-age=[1-9]/.test(listener.attributes.get(HSTS) ?? ''), 'tells browsers nothing') : undefined) },
];

const CLIENT_CERTIFICATES: readonly Check<ExaminedListener>[] = [
  {
    item: 'listeners.client-certificates',
    judge: ({ MutualAuthentication }) => {
      // AWS always says which mode it is.
      if (MutualAuthentication?.Mode === undefined) return unknown('nothing is said about certificates of callers');
      return okIf(MutualAuthentication.Mode === 'verify', 'verifies no certificate, though the gate takes them for proofs');
    },
  },
];

export function examineListeners(ward: Ward): Promise<readonly Result[]> {
  const { aws, loadBalancers, now } = ward;
  return forEach(loadBalancers, async ({ path, physicalId }) => {
    const takesCertificates = leadsToCertificates(ward, physicalId);
    const asked = await answerOf(() => aws.listenersOf(physicalId));
    if ('why' in asked) return judgedBy(path, asked, LISTENERS);
    const listeners = asked.answer ?? [];
    return [
      ...listeners.flatMap((listener) => judgedBy(placeOf(path, listener), { answer: listener }, [...LISTENERS, ...takesCertificates && isTls(listener) ? CLIENT_CERTIFICATES : []])),
      ...await examine(path, () => aws.unprovenOf(physicalId), [{ item: 'listeners.proof', judge: (unproven) => proof(unproven, takesCertificates && listeners.some(saysNothing)) }]),
      ...await forEach(listeners, (listener) => examineCertificates(aws, placeOf(path, listener), listener, now, regionIn(physicalId))),
    ];
  });
}

/** Whether a gate behind a load balancer takes certificates for proofs. One that cannot be asked what it leads to may lead to any. */
function leadsToCertificates({ gates, targetGroups }: Ward, loadBalancer: string): boolean {
  return gates.filter(takesCertificate).some(({ service: { targets } }) => targets.some(({ group }) => {
    const found = targetGroups.find(({ physicalId }) => physicalId === group);
    return found === undefined || 'why' in found.asked || balancersOf(found).includes(loadBalancer);
  }));
}

const takesCertificate = ({ configuration }: FoundGate): boolean => !('fault' in configuration) && configuration.identity.accept.some((proofs) => proofs.includes('certificate'));

const saysNothing = ({ MutualAuthentication }: ExaminedListener): boolean => MutualAuthentication?.Mode === undefined;
const placeOf = (path: string, { Protocol, Port }: ExaminedListener): string => `${path} ${Protocol ?? ''} ${Port ?? ''}`.trim();
const regionIn = (arn: string): string | undefined => arn.split(':')[3];

function proof(unproven: readonly string[], mayBeProven: boolean): Judged {
  if (unproven.length === 0) return OK;
  return mayBeProven ? unknown('nothing is said about certificates of callers') : wrong(`forwards without a proof: ${listed(unproven, SHOWN)}`);
}
