import { Gaps } from '../../../src/drill/emulator/gaps';
import { LOCKDOWN_TYPE } from '../../../src/lockdown/contract';

const FIREWALL = 'AWS::NetworkFirewall::Firewall';
const gaps = new Gaps('engine 1', new Set([FIREWALL, LOCKDOWN_TYPE]));

test('what points at a firewall\'s endpoint cuts the stand-in out of a list, whichever zone it asks for', () => {
  const endpoints = gaps.written(FIREWALL, 'Wall', 'EndpointIds') as readonly string[];
  expect(endpoints).toHaveLength(3);
  expect(new Set(endpoints.map((endpoint) => endpoint.split(':')[1]))).toEqual(new Set([gaps.standIn('Wall', 'EndpointIds')]));
});

test('what points at anything else gets a text that says so', () => {
  expect(gaps.written(FIREWALL, 'Wall', 'FirewallArn')).toBe('not-emulated-Wall-FirewallArn');
  expect(gaps.written('AWS::Cognito::UserPool', 'Pool', 'EndpointIds')).toBe('not-emulated-Pool-EndpointIds');
});

test('a type that the engine does not know is a gap, unless its API makes up for it', () => {
  expect(gaps.ofType(FIREWALL)).toBe('engine 1 does not know this type');
  expect(gaps.ofType(LOCKDOWN_TYPE)).toBeUndefined();
});
