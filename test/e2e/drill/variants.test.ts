import type { JsonMap } from '../../../src/checks/template/template';
import { ATTACKS } from '../../../src/drill/attacks';
import { prove } from '../../../src/drill/prove';
import { runAttacks } from '../../../src/drill/run-attacks';
import { DOOR, elb, FORWARD, waf } from '../../drill/edge/translate/door';
import { setStage, type Stage } from '../../support/drill-stage';
import { template } from '../../support/templates';

let stage: Stage;

beforeAll(async () => {
  stage = await setStage();
}, 120_000);
afterAll(() => stage.stop());

type Resources = Readonly<Record<string, JsonMap>>;

const TLS13 = 'ELBSecurityPolicy-TLS13-1-3-2021-06';
const TOKEN = {
  Type: 'jwt-validation',
  Order: 1,
  JwtValidationConfig: { Issuer: 'https://i.test', JwksEndpoint: 'https://i.test/keys', AdditionalClaims: [{ Name: 'aud', Format: 'single-string', Values: ['core'] }] },
};
const LOGIN = {
  Type: 'authenticate-oidc',
  Order: 1,
  AuthenticateOidcConfig: { Issuer: 'https://i.test', AuthorizationEndpoint: 'https://i.test/a', TokenEndpoint: 'https://i.test/t', UserInfoEndpoint: 'https://i.test/u', ClientId: 'core' },
};
const NOT_FOUND = { Type: 'fixed-response', FixedResponseConfig: { StatusCode: '404' } };

const rule = (condition: JsonMap, Actions: readonly JsonMap[], more: JsonMap = {}): JsonMap => (
  elb('ListenerRule', { ListenerArn: { Ref: 'Listener' }, Priority: 1, Conditions: [condition], Actions, ...more })
);
const paths = (...Values: string[]): JsonMap => ({ Field: 'path-pattern', PathPatternConfig: { Values } });
const header = (HttpHeaderName: string, ...Values: string[]): JsonMap => ({ Field: 'http-header', HttpHeaderConfig: { HttpHeaderName, Values } });
const https = (properties: JsonMap = {}): JsonMap => (
  elb('Listener', { LoadBalancerArn: { Ref: 'Balancer' }, Protocol: 'HTTPS', Port: 443, SslPolicy: TLS13, DefaultActions: [NOT_FOUND], ...properties })
);
const query = (Key: string, Value: string): JsonMap => ({ Field: 'query-string', QueryStringConfig: { Values: [{ Key, Value }] } });
const GETS: JsonMap = { Field: 'http-request-method', HttpRequestMethodConfig: { Values: ['GET'] } };
const FROM_INSIDE: JsonMap = { Field: 'source-ip', SourceIpConfig: { Values: ['10.0.0.0/8'] } };
const plain = (DefaultActions: JsonMap): JsonMap => elb('Listener', { LoadBalancerArn: { Ref: 'Balancer' }, Protocol: 'HTTP', Port: 80, DefaultActions: [DefaultActions] });

/** Asks callers for a certificate, and knows whom it no longer trusts. */
const TRUST: Resources = {
  Trust: elb('TrustStore', { CaCertificatesBundleS3Bucket: 'b', CaCertificatesBundleS3Key: 'k' }),
  Revoked: elb('TrustStoreRevocation', { TrustStoreArn: { Ref: 'Trust' }, RevocationContents: [{ S3Bucket: 'b', S3Key: 'l', RevocationType: 'CRL' }] }),
};
const VERIFYING = { MutualAuthentication: { Mode: 'verify', TrustStoreArn: { Ref: 'Trust' } } };

interface WebAclOptions {
  readonly DefaultAction?: JsonMap;
  readonly Addresses?: readonly string[];
}

/** A limit low enough for a flood of a moment, and more than the other attacks send from one address, with a network that other rules of the web ACL may treat apart. */
function webAcl(rules: readonly JsonMap[], { DefaultAction = { Allow: {} }, Addresses = ['10.0.0.0/8'] }: WebAclOptions = {}): Resources {
  return {
    Office: waf('IPSet', { Scope: 'REGIONAL', IPAddressVersion: 'IPV4', Addresses }),
    WebAcl: waf('WebACL', { Scope: 'REGIONAL', DefaultAction, Rules: rules }),
    Association: waf('WebACLAssociation', { ResourceArn: { Ref: 'Balancer' }, WebACLArn: { 'Fn::GetAtt': ['WebAcl', 'Arn'] } }),
  };
}
const FROM_OFFICE = { IPSetReferenceStatement: { Arn: { 'Fn::GetAtt': ['Office', 'Arn'] } } };
const rate = (Priority: number, more: JsonMap = {}): JsonMap => ({ Name: 'rate', Priority, Action: { Block: {} }, Statement: { RateBasedStatement: { AggregateKeyType: 'IP', Limit: 500, ...more } } });
const office = (Priority: number, Action: JsonMap): JsonMap => ({ Name: 'office', Priority, Action, Statement: FROM_OFFICE });
const API: Resources = { Listener: https(), Api: rule(paths('/api/*'), [TOKEN, FORWARD], { Priority: 10 }) };

const chosen = (ids: readonly string[]): typeof ATTACKS => ATTACKS.filter(({ id }) => ids.some((prefix) => id.startsWith(prefix)));

async function attacked(resources: Resources, ids: readonly string[]): Promise<string[]> {
  const model = stage.translate([template({ ...DOOR, ...resources })]);
  const edge = await stage.start(model);
  try {
    const { attacks } = await runAttacks(chosen(ids), model, edge.open);
    return attacks.map(({ attack, target, verdict }) => `${attack} at ${target.logicalId}: ${verdict}`);
  } finally {
    await edge.stop();
  }
}

test.each<[string, Resources, string]>([
  ['a rule that is chosen by an API key in Authorization', { ...API, Open: rule(header('Authorization', 'ApiKey *'), [FORWARD]) }, 'IDN-1.anonymous-walk at Open'],
  ['a rule that is chosen by a cookie', { ...API, Open: rule(header('Cookie', '*session=*'), [FORWARD]) }, 'IDN-1.anonymous-walk at Open'],
  ['a rule that is chosen by a star in the query', { ...API, Open: rule(query('v', String.raw`\*`), [FORWARD]) }, 'IDN-1.anonymous-walk at Open'],
  ['plain HTTP for one method', { ...API, Plain: plain(NOT_FOUND), Open: rule(GETS, [FORWARD], { ListenerArn: { Ref: 'Plain' } }) }, 'TLS-1.plain-http at Plain'],
  ['plain HTTP for one network', { ...API, Plain: plain(NOT_FOUND), Open: rule(FROM_INSIDE, [FORWARD], { ListenerArn: { Ref: 'Plain' } }) }, 'TLS-1.plain-http at Plain'],
  ['a redirect to HTTPS on the port of plain HTTP', { ...API, Plain: plain({ Type: 'redirect', RedirectConfig: { Protocol: 'HTTPS', StatusCode: 'HTTP_301' } }) }, 'TLS-4.redirect at Plain'],
  ['a network that is allowed before it is counted', { ...API, ...webAcl([office(1, { Allow: {} }), rate(2)]) }, 'RTL-1.flood at Api'],
  ['a network that is not counted', { ...API, ...webAcl([rate(1, { ScopeDownStatement: { NotStatement: { Statement: FROM_OFFICE } } })]) }, 'RTL-1.flood at Api'],
  ['a listener without certificates beside one with', { ...API, ...TRUST, Mutual: https({ Port: 8443, DefaultActions: [FORWARD], ...VERIFYING }) }, 'IDN-7.spoofed-client-headers at Api'],
])('%s is found', async (_, resources, weakness) => {
  const [control = ''] = weakness.split('.');
  expect(await attacked(resources, [control])).toContain(`${weakness}: succeeded`);
});

/** Everything that a door without response headers and limits can withstand. */
const HELD = ['TLS-', 'IDN-'];

test.each<[string, Resources, readonly string[]]>([
  ['a rule that takes every path', { Listener: https(), Api: rule(paths('/*'), [TOKEN, FORWARD]) }, HELD],
  ['a rule that is chosen by the header of its token', { Listener: https(), Api: rule(header('Authorization', 'Bearer *'), [TOKEN, FORWARD]) }, HELD],
  ['a redirect between hosts over HTTPS', { ...API, Moved: rule(paths('/moved'), [{ Type: 'redirect', RedirectConfig: { Host: 'new.test', StatusCode: 'HTTP_301' } }]) }, HELD],
  ['a login beside tokens', { ...API, ...webAcl([rate(1)]), Page: rule(paths('/page'), [LOGIN, FORWARD]) }, [...HELD, 'RTL-']],
  ['a login alone', { Listener: https({ DefaultActions: [LOGIN, FORWARD] }), ...webAcl([rate(1)]) }, [...HELD, 'RTL-']],
  ['tokens and client certificates together', { ...API, ...TRUST, Listener: https(VERIFYING) }, HELD],
  ['a network that alone is let in', { ...API, ...webAcl([rate(1), office(2, { Allow: {} })], { DefaultAction: { Block: {} } }) }, [...HELD, 'RTL-']],
  ['networks that are blocked', { ...API, ...webAcl([rate(1), office(2, { Block: {} })], { Addresses: ['198.18.0.0/15', '203.0.113.0/24'] }) }, [...HELD, 'RTL-']],
])('%s is withstood, and every proof holds', async (_, resources, ids) => {
  expect((await attacked(resources, ids)).filter((record) => !record.endsWith(': withstood'))).toEqual([]);
  const proofs = await prove(chosen(ids), [template({ ...DOOR, ...resources })], stage);
  expect(proofs.filter(({ verdict }) => verdict !== 'succeeded' && verdict !== 'not-applicable')).toEqual([]);
});

test('a limit that may stand in what the templates do not have is neither held nor broken', async () => {
  const group = { Name: 'group', Priority: 1, OverrideAction: { None: {} }, Statement: { RuleGroupReferenceStatement: { Arn: 'arn:aws:wafv2:group' } } };
  expect(await attacked({ ...API, ...webAcl([group]) }, ['RTL-'])).toEqual(['RTL-1.flood at Api: inconclusive']);
  const elsewhere = waf('WebACLAssociation', { ResourceArn: { Ref: 'Balancer' }, WebACLArn: 'arn:aws:wafv2:acl' });
  expect(await attacked({ ...API, Association: elsewhere }, ['RTL-'])).toEqual(['RTL-1.flood at Api: inconclusive']);
});
