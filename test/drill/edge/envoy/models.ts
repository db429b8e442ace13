import type {
  ActionModel, ConditionModel, EdgeModel, HygieneModel, JwtModel, ListenerModel, Place, RuleModel, TlsModel, TlsPolicy, WafRuleModel, WafStatement, WafVerdict, WebAclModel,
} from '../../../../src/drill/edge/model';

export const HYGIENE: HygieneModel = { dropInvalidHeaders: true, desync: 'defensive', forwardedFor: 'append', preserveHost: true, idleTimeoutSeconds: 60 };

export const MODERN: TlsPolicy = {
  name: 'ELBSecurityPolicy-TLS13-1-3-PQ-2025-09', minVersion: 'TLSv1.3', maxVersion: 'TLSv1.3', ciphers: [], groups: ['X25519MLKEM768', 'SecP256r1MLKEM768', 'x25519', 'secp256r1'],
};

export const OLD: TlsPolicy = {
  name: 'ELBSecurityPolicy-2016-08',
  minVersion: 'TLSv1',
  maxVersion: 'TLSv1.2',
  ciphers: ['ECDHE-RSA-AES128-GCM-SHA256', 'ECDHE-RSA-AES256-SHA384', 'ECDHE-RSA-AES128-SHA', 'AES128-SHA256', 'AES128-SHA'],
};

export const FORWARD: ActionModel = { kind: 'forward', targets: [{ targetGroup: place('Targets'), weight: 1, protocol: 'HTTP' }] };

export function place(logicalId: string): Place {
  return { stack: 'Stack', logicalId };
}

export function rule(actions: readonly ActionModel[], conditions: readonly ConditionModel[] = [], priority: RuleModel['priority'] = 'default'): RuleModel {
  return { place: place(`Rule${priority}`), priority, conditions, actions };
}

/** By default it forwards everything to the Core over plain HTTP. */
export function listener(logicalId: string, overrides: Partial<ListenerModel> = {}): ListenerModel {
  return {
    place: place(logicalId), loadBalancer: place('LoadBalancer'), port: 80, rules: [rule([FORWARD])], responseHeaders: [], serverHeader: true, hygiene: HYGIENE, ...overrides,
  };
}

export function tls(overrides: Partial<TlsModel> = {}): TlsModel {
  return { policy: MODERN, ...overrides };
}

export function answer(body: string): ActionModel {
  return { kind: 'fixed-response', status: 200, contentType: 'text/plain', body };
}

export function jwt(overrides: Partial<JwtModel> = {}): JwtModel {
  return { kind: 'jwt', issuer: 'https://issuer.test/pool', jwksEndpoint: 'https://issuer.test/pool/jwks.json', claims: [], ...overrides };
}

export function wafRule(priority: number, statement: WafStatement, action: WafVerdict): WafRuleModel {
  return { name: `rule-${priority}`, priority, action, statement };
}

export function webAcl(rules: readonly WafRuleModel[], defaultAction: WafVerdict = { kind: 'allow' }): WebAclModel {
  return { place: place('WebAcl'), defaultAction, rules };
}

export function edge(...listeners: readonly ListenerModel[]): EdgeModel {
  return { listeners, notEmulated: [] };
}
