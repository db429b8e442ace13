import { Duration, Stack, Token } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { Access, Authorizer, type GateOptions, GateProof, type KeySetFetchProps, Route } from '../../src';
import { gateOf } from '../support/gate';
import { remoteCore } from '../support/remote-core';

const ROUTES = [Route.get('/v1/models', { access: Access.authenticated() })];

function bounds(keySetFetch?: KeySetFetchProps, streamIdleTimeout?: Duration): object | undefined {
  const stack = new Stack();
  remoteCore(stack, { gate: { keySetFetch }, ingress: { routes: ROUTES, streamIdleTimeout } });
  return gateOf(Template.fromStack(stack)).configuration.identity.tokens[0]?.keys;
}

describe('how a gate asks for signing keys', () => {
  test('is what the catalogue proposes (TG-22 to TG-26), unless it is said', () => {
    expect(bounds()).toMatchObject({ ttlSeconds: 300, timeoutSeconds: 3, maxAttempts: 3, backoffSeconds: 0.2, maxBackoffSeconds: 2 });
    expect(bounds({})).toEqual(bounds());
    expect(bounds({ ttl: Duration.minutes(10) })).toEqual({ ...bounds(), ttlSeconds: 600 });
  });

  test.each<[KeySetFetchProps, object]>([
    [
      { ttl: Duration.minutes(1), timeout: Duration.seconds(1), maxAttempts: 1, backoff: Duration.millis(1), maxBackoff: Duration.millis(1) },
      { ttlSeconds: 60, timeoutSeconds: 1, maxAttempts: 1, backoffSeconds: 0.001, maxBackoffSeconds: 0.001 },
    ],
    [
      { ttl: Duration.hours(1), timeout: Duration.seconds(10), maxAttempts: 5, backoff: Duration.minutes(1), maxBackoff: Duration.minutes(1) },
      { ttlSeconds: 3600, timeoutSeconds: 10, maxAttempts: 5, backoffSeconds: 60, maxBackoffSeconds: 60 },
    ],
  ])('may be as little and as much as this (%#)', (props, expected) => expect(bounds(props)).toMatchObject(expected));

  test.each<[keyof KeySetFetchProps, KeySetFetchProps, string]>([
    ['ttl', { ttl: Duration.seconds(59) }, 'is "Duration.seconds(59)". Name whole seconds from 60 to 3600.'],
    ['ttl', { ttl: Duration.seconds(3601) }, 'Name whole seconds from 60 to 3600.'],
    ['ttl', { ttl: Duration.millis(60_500) }, 'Name whole seconds from 60 to 3600.'],
    ['ttl', { ttl: Duration.seconds(Token.asNumber({ Ref: 'Ttl' })) }, 'is "a token". Name whole seconds from 60 to 3600.'],
    ['timeout', { timeout: Duration.seconds(0) }, 'Name whole seconds from 1 to 10.'],
    ['timeout', { timeout: Duration.seconds(11) }, 'Name whole seconds from 1 to 10.'],
    ['maxAttempts', { maxAttempts: 0 }, 'is 0. Name a whole number from 1 to 5.'],
    ['maxAttempts', { maxAttempts: 6 }, 'is 6. Name a whole number from 1 to 5.'],
    ['maxAttempts', { maxAttempts: 1.5 }, 'is 1.5. Name a whole number from 1 to 5.'],
    ['maxAttempts', { maxAttempts: Token.asNumber({ Ref: 'Attempts' }) }, 'is a token. Name a whole number from 1 to 5.'],
    ['backoff', { backoff: Duration.seconds(0) }, 'Name more than 0'],
    ['maxBackoff', { backoff: Duration.seconds(3) }, 'is "Duration.seconds(2)". Name at least backoff, and 60 seconds at most.'],
    ['maxBackoff', { maxBackoff: Duration.millis(199) }, 'Name at least backoff'],
    ['maxBackoff', { maxBackoff: Duration.seconds(61) }, '60 seconds at most.'],
  ])('is refused with a wrong %s (%#), which says what to do', (prop, props, message) => {
    expect(() => bounds(props)).toThrow(`Default/Core/Service/Gate: gate.keySetFetch.${prop} `);
    expect(() => bounds(props)).toThrow(message);
  });

  test('has to end before the load balancer gives the request up (TG-26)', () => {
    expect(bounds({ timeout: Duration.seconds(4), maxAttempts: 5 }, Duration.seconds(31))).toMatchObject({ timeoutSeconds: 4 });
    expect(() => bounds({ timeout: Duration.seconds(4), maxAttempts: 5 }, Duration.seconds(30)))
      .toThrow('gate.keySetFetch is "up to 30 seconds". The load balancer gives a silent request up after 30 (streamIdleTimeout)');
  });

  test.each<[string, unknown, string]>([
    ['a number', 5, 'gate.keySetFetch is 5. Name its bounds'], ['null', null, 'gate.keySetFetch is null. Name its bounds'],
  ])('is refused as %s, from which no bound could be read', (_, given, message) => {
    expect(() => bounds(given as KeySetFetchProps)).toThrow(message);
  });

  test('is refused where nobody shows a token, and it would do nothing', () => {
    const gate: GateOptions = { keySetFetch: {} };
    expect(() => remoteCore(new Stack(), { authorizer: Authorizer.gateOnly(GateProof.apiKeys()), gate, ingress: { routes: ROUTES } })).toThrow('gate.keySetFetch is "given". No listener takes tokens');
  });
});
