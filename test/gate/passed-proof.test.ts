import { Fn, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as ecs from 'aws-cdk-lib/aws-ecs';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Access, Authorizer, type GateOptions, GateProof, PassedProof, Route } from '../../src';
import type { PassedConfiguration } from '../../src/gate/contract';
import { gateOf } from '../support/gate';
import { JWT, remoteCore } from '../support/remote-core';

const TOKENS = Authorizer.jwt(JWT);
const BOTH = TOKENS.withGateProof(GateProof.apiKeys({ header: 'X-Acme-Key' }));
const KEYS = Authorizer.gateOnly(GateProof.apiKeys());

function mtls(stack: Stack): Authorizer {
  const bucket = Bucket.fromBucketName(stack, 'Ca', 'acme-ca');
  return Authorizer.mtls({ caBundle: { bucket, key: 'ca.pem' }, revocationList: { bucket, key: 'crl.pem' } });
}

function built(authorizer: Authorizer, gate: GateOptions, stack = new Stack()): Template {
  remoteCore(stack, { authorizer, gate, ingress: { routes: [Route.get('/v1/models', { access: Access.authenticated() })] } });
  return Template.fromStack(stack);
}

/** As the service reads it. */
const passed = (authorizer: Authorizer, passes?: PassedProof): PassedConfiguration | undefined => gateOf(built(authorizer, { passes })).configuration.core.passes;

describe('what a gate passes', () => {
  test('is nothing unless it is asked to', () => expect(passed(BOTH)).toBeUndefined());

  test.each<[string, Authorizer, PassedProof, PassedConfiguration]>([
    ['a token', TOKENS, PassedProof.token(), { proof: 'token' }],
    ['a token of callers who show a key too', BOTH, PassedProof.token(), { proof: 'token' }],
    ['a key in the header in which it comes', BOTH, PassedProof.key(), { proof: 'key', header: 'x-acme-key' }],
    ['a key in another header', KEYS, PassedProof.key('X-Core-Key'), { proof: 'key', header: 'x-core-key' }],
    ['a key as a bearer token', BOTH, PassedProof.key('Authorization'), { proof: 'key', header: 'authorization' }],
  ])('is %s', (_, authorizer, passes, configuration) => expect(passed(authorizer, passes)).toEqual(configuration));

  test('may be a token beside a key of the gate\'s own in another header', () => {
    const stack = new Stack();
    const coreKey = { secret: ecs.Secret.fromSecretsManager(new Secret(stack, 'CoreKey')), header: 'x-core-key' };
    expect(gateOf(built(TOKENS, { coreKey, passes: PassedProof.token() }, stack)).configuration.core).toMatchObject({ keyHeader: 'x-core-key', passes: { proof: 'token' } });
  });
});

describe('the construct refuses to pass', () => {
  const coreKey = (header?: string) => ({ secret: ecs.Secret.fromSecretsManager(new Secret(new Stack(), 'CoreKey')), header });
  const PLACE = 'Default/Core/Service/Gate: gate.passes';

  test('a token or a key that no listener takes', () => {
    expect(() => passed(KEYS, PassedProof.token())).toThrow(`${PLACE} is "token". No listener takes tokens`);
    expect(() => passed(TOKENS, PassedProof.key())).toThrow(`${PLACE} is "key". No listener takes API keys`);
    const stack = new Stack();
    expect(() => built(mtls(stack), { passes: PassedProof.token() }, stack)).toThrow(`${PLACE} is "token".`);
  });

  test.each<[string, Authorizer, GateOptions]>([
    ['a token where the gate\'s own key is a bearer token', TOKENS, { coreKey: coreKey(), passes: PassedProof.token() }],
    ['a key where the gate\'s own key is a bearer token', KEYS, { coreKey: coreKey(), passes: PassedProof.key('authorization') }],
    ['a key in the header of the gate\'s own', KEYS, { coreKey: coreKey('X-API-Key'), passes: PassedProof.key() }],
  ])('%s', (_, authorizer, options) => expect(() => built(authorizer, options)).toThrow(/gate\.passes is "a credential in [a-z-]+"\. gate\.coreKey is sent in it/));

  test.each<[string, GateOptions]>([
    ['the caller\'s name', { identityHeader: 'X-Caller', passes: PassedProof.key('x-caller') }],
    ['his scopes', { scopesHeader: 'X-Caller', passes: PassedProof.key('x-caller') }],
  ])('a key in the header of %s', (_, options) => expect(() => built(KEYS, options)).toThrow(`${PLACE} is "a credential in x-caller". That header tells the Core who calls`));

  test.each([
    'Host', 'cookie', 'x-request-id', 'X-Auth-Request-User', 'x-user-id', 'x-forwarded-for', 'x-real-ip', 'x-amzn-trace-id', 'proxy-authorization', 'sec-websocket-protocol', 'origin', 'forwarded',
  ])(
    'a key in %s, which says something else', (header) => expect(() => passed(KEYS, PassedProof.key(header))).toThrow(`${PLACE}.header is "${header}". That header has another meaning`),
  );

  test.each(['x_key', 'x key', '', 'x.key', '9x', 'x'.repeat(65)])('a key in "%s", which is no header or another one', (header) => {
    expect(() => passed(KEYS, PassedProof.key(header))).toThrow(`${PLACE}.header is ${JSON.stringify(header)}. Name a header of letters, digits and hyphens`);
  });

  test('a key in a header that only the deployment knows', () => {
    expect(() => passed(KEYS, PassedProof.key(Fn.importValue('Header')))).toThrow(`${PLACE}.header is a token. Write the header out`);
  });
});
