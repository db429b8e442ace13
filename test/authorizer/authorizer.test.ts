import { CfnParameter, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { Authorizer, JwtAudienceFormat } from '../../src';
import { JWT, remoteCore } from '../support/remote-core';

function expectClaims(authorizer: Authorizer, claims: readonly object[]): void {
  const stack = new Stack();
  remoteCore(stack, { authorizer });
  Template.fromStack(stack).hasResourceProperties('AWS::ElasticLoadBalancingV2::ListenerRule', {
    Actions: [
      { Type: 'jwt-validation', Order: 1, JwtValidationConfig: { Issuer: JWT.issuer, JwksEndpoint: JWT.jwksUri, AdditionalClaims: claims } },
      Match.objectLike({ Type: 'forward', Order: 2 }),
    ],
  });
}

const { issuer, jwksUri } = JWT;

describe('Authorizer.jwt', () => {
  test('pins issuer and audience', () => {
    expectClaims(Authorizer.jwt(JWT), [{ Name: 'aud', Format: 'single-string', Values: ['core'] }]);
  });

  test('pins an audience that is a list, and a scope', () => {
    expectClaims(Authorizer.jwt({ ...JWT, audienceFormat: JwtAudienceFormat.LIST, scope: 'core/invoke' }), [
      { Name: 'aud', Format: 'string-array', Values: ['core'] },
      { Name: 'scope', Format: 'space-separated-values', Values: ['core/invoke'] },
    ]);
  });

  test('needs the internet for its keys', () => {
    expect(Authorizer.jwt(JWT).fetchesKeysFromInternet).toBe(true);
  });

  test('takes tokens for what they are', () => {
    const stack = new Stack();
    const value = new CfnParameter(stack, 'Value').valueAsString;
    expect(() => remoteCore(stack, { authorizer: Authorizer.jwt({ issuer: value, jwksUri: value, audience: value, scope: value }) })).not.toThrow();
  });

  const long = `https://login.acme.com/${'a'.repeat(256)}`;
  test.each([
    ['issuer', { issuer: 'http://login.acme.com/' }, 'Name an https URL'],
    ['issuer', { issuer: 'login.acme.com' }, 'Name an https URL'],
    ['issuer', { issuer: long }, 'at most 256 characters'],
    ['jwksUri', { jwksUri: 'http://login.acme.com/jwks' }, 'Name an https URL'],
    ['jwksUri', { jwksUri: 'https://user:password@login.acme.com/jwks' }, 'Name an https URL'],
    ['jwksUri', { jwksUri: 'https://localhost/jwks' }, 'from the public internet'],
    ['jwksUri', { jwksUri: 'https://10.0.0.7/jwks' }, 'from the public internet'],
    ['jwksUri', { jwksUri: 'https://idp.acme.internal/jwks' }, 'from the public internet'],
    ['jwksUri', { jwksUri: 'https://keycloak/jwks' }, 'from the public internet'],
    ['jwksUri', { jwksUri: 'https://169.254.169.254/jwks' }, 'from the public internet'],
    ['issuer', { issuer: ' https://login.acme.com/' }, 'Name an https URL'],
    ['issuer', { issuer: 'https://login.acme.com/#here' }, 'Name an https URL'],
    ['audience', { audience: '' }, 'Name a value of 1 to 256 characters'],
    ['audience', { audience: ' core ' }, 'without blanks around it'],
    ['scope', { scope: 'core/invoke core/admin' }, 'Name one scope, without blanks'],
    ['scope', { scope: '' }, 'Name a value of 1 to 256 characters'],
  ])('refuses a wrong %s (%j) and says what to do', (prop, wrong, todo) => {
    const build = (): unknown => remoteCore(new Stack(), { authorizer: Authorizer.jwt({ ...JWT, ...wrong }) });
    expect(build).toThrow(`Default/Core/Ingress: authorizer.${prop} is `);
    expect(build).toThrow(todo);
  });

  test('shows no password that a URL carries', () => {
    expect(() => remoteCore(new Stack(), { authorizer: Authorizer.jwt({ ...JWT, jwksUri: 'https://user:hunter2@login.acme.com/jwks' }) })).toThrow(/^(?!.*hunter2)/s);
  });
});

describe('Authorizer.jwtClients', () => {
  test('pins the client and the kind of token', () => {
    expectClaims(Authorizer.jwtClients({ issuer, jwksUri, clientIds: ['platform', 'batch'] }), [
      { Name: 'client_id', Format: 'single-string', Values: ['platform', 'batch'] },
      { Name: 'token_use', Format: 'single-string', Values: ['access'] },
    ]);
  });

  test.each([[[]], [Array.from({ length: 11 }, (_, index) => `client-${index}`)]])('refuses %j', (clientIds) => {
    expect(() => remoteCore(new Stack(), { authorizer: Authorizer.jwtClients({ issuer, jwksUri, clientIds }) }))
      .toThrow('authorizer.clientIds is [');
  });
});
