import type { JsonMap } from '../../../../src/checks/template/template';
import { condition, door, rule } from './door';

test.each<[JsonMap, object]>([
  [{ Field: 'host-header', Values: ['a.com'] }, { kind: 'host', values: ['a.com'] }],
  [{ Field: 'host-header', HostHeaderConfig: { Values: ['a.com', '*.b.com'] } }, { kind: 'host', values: ['a.com', '*.b.com'] }],
  [{ Field: 'path-pattern', Values: ['/a/*'] }, { kind: 'path', values: ['/a/*'] }],
  [{ Field: 'path-pattern', PathPatternConfig: { Values: ['/a/?'] } }, { kind: 'path', values: ['/a/?'] }],
  [{ Field: 'http-header', HttpHeaderConfig: { HttpHeaderName: 'X-Key', Values: ['a*'] } }, { kind: 'header', name: 'X-Key', values: ['a*'] }],
  [{ Field: 'http-request-method', HttpRequestMethodConfig: { Values: ['GET', 'PUT'] } }, { kind: 'method', values: ['GET', 'PUT'] }],
  [{ Field: 'query-string', QueryStringConfig: { Values: [{ Key: 'a', Value: '1' }, { Value: 'b' }] } }, { kind: 'query', values: [{ key: 'a', value: '1' }, { value: 'b' }] }],
  [{ Field: 'source-ip', SourceIpConfig: { Values: ['10.0.0.0/8', '2001:db8::/32'] } }, { kind: 'source', cidrs: ['10.0.0.0/8', '2001:db8::/32'] }],
])('%j is %j', (written, model) => {
  expect(condition(written)).toEqual(model);
});

test.each<[JsonMap, string]>([
  [{ Field: 'weather', Values: ['sun'] }, 'is "weather": the drill does not know what this value does'],
  [{ Field: 'path-pattern', RegexValues: ['^/a'] }, 'RegexValues is a list: the drill does not know which expressions this is'],
  [{ Field: 'path-pattern', PathPatternConfig: { RegexValues: ['^/a'] } }, 'the drill does not know which expressions this is'],
  [{ Field: 'path-pattern', HostHeaderConfig: { Values: ['a.com'] } }, 'it does not belong to a condition on path-pattern'],
  [{ Field: 'path-pattern', Values: ['/a'], PathPatternConfig: { Values: ['/b'] } }, 'values stand in PathPatternConfig too'],
  [{ Field: 'source-ip', Values: ['10.0.0.0/8'] }, 'has its values in SourceIpConfig'],
  [{ Field: 'source-ip', SourceIpConfig: { Values: ['10.0.0.1'] } }, 'it is no block of addresses'],
  [{ Field: 'source-ip', SourceIpConfig: { Values: ['10.0.0.0/33'] } }, 'it is no block of addresses'],
  [{ Field: 'source-ip', SourceIpConfig: { Values: ['10.0.0.0/8'], IpAddressType: 'ipv4' } }, 'only network load balancers take it'],
  [{ Field: 'path-pattern', Values: [] }, 'a condition has at least one value'],
  [{ Field: 'http-header', HttpHeaderConfig: { Values: ['a'] } }, 'HttpHeaderName: it is missing'],
  [{ Field: 'path-pattern', Values: [{ 'Fn::GetAtt': ['Targets', 'TargetGroupName'] }] }, 'the template leaves it open'],
  [{ Field: 'query-string', QueryStringConfig: { Values: [{ Key: 'a' }] } }, 'Value: it is missing'],
])('%j ends the translation', (written, sentence) => {
  expect(() => condition(written)).toThrow(sentence);
});

test('a rule without conditions, and one that rewrites, end the translation', () => {
  expect(() => door({}, rule({ Conditions: [] }))).toThrow('a rule has at least one condition');
  expect(() => door({}, rule({ Transforms: [{ Type: 'url-rewrite' }] }))).toThrow('the drill does not know how a rule rewrites hosts and paths');
});
