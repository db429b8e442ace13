import type { JwtModel, ListenerModel, RuleModel } from './edge/model';
import { askedOfGate, type GateInHand } from './gate/scene';
import { gateOf } from './gate/translate';
import { draftFor, PLAIN } from './requests/drafts';
import type { ClientCertificateMint, DrillIssuer, WireRequest } from './scene';

/** Where a caller gets what proves who he is. */
export interface Credentials {
  issuer(jwt: JwtModel): DrillIssuer;
  readonly clients: ClientCertificateMint;
  /** What is in hand at a gate that a rule leads to. */
  gate(listener: ListenerModel, rule: RuleModel): GateInHand;
}

/**
 * A request that the rule answers, with everything that it and its listener demand: conditions, an address that the web ACL lets in, a
 * token, a certificate. Throws where there is none, as for a rule that rules before it leave nothing to.
 */
export async function legitimateRequest(listener: ListenerModel, rule: RuleModel, credentials: Credentials): Promise<WireRequest> {
  const gate = gateOf(rule);
  // Behind a login nobody in a drill gets as far as the gate.
  const isBehindLogin = rule.actions.some(({ kind }) => kind === 'login');
  if (gate !== undefined && !isBehindLogin) return rule.answeredByGate === undefined ? credentials.gate(listener, rule).request() : askedOfGate(listener, rule, gate);
  const { host, method, path, query, headers, from } = draftFor(listener, rule);
  const jwt = rule.actions.find((action) => action.kind === 'jwt');
  return {
    method,
    path: query.length === 0 ? path : `${path}?${query.map(({ key, value }) => `${key}=${value}`).join('&')}`,
    headers: {
      ...(host === PLAIN.host ? {} : { host }),
      // A rule may be chosen by the very header that the token comes in, and a request has one of it.
      ...(jwt === undefined ? headers : Object.fromEntries(Object.entries(headers).filter(([name]) => name.toLowerCase() !== 'authorization'))),
      ...(jwt === undefined ? {} : { authorization: await bearer(jwt, credentials) }),
    },
    ...(listener.tls?.clients?.mode === 'verify' ? { client: credentials.clients.good() } : {}),
    ...(from === PLAIN.from ? {} : { from }),
  };
}

async function bearer(jwt: JwtModel, credentials: Credentials): Promise<string> {
  const issuer = credentials.issuer(jwt);
  return `Bearer ${await issuer.sign(issuer.goodClaims())}`;
}
