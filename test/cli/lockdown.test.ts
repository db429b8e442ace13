import { NO_COLORS } from '../../src/cli/colors';
import { lockdown, type LockdownOptions } from '../../src/cli/lockdown';
import type { Action, Condition, DeployedListener, DeployedRule, WebAclSummary } from '../../src/cli/lockdown/aws';
import type { LockdownWorld } from '../../src/cli/lockdown/world';
import { LOCKDOWN_TYPE } from '../../src/lockdown/contract';
import { FakeAws, FakeTables, PROVEN } from '../support/fake-lockdown-aws';

const V6_LOCKED = ['0000:0000:0000:0000:0000:0000:0000:0000/1', '8000:0000:0000:0000:0000:0000:0000:0000/1'];
const V4_LOCKED = ['0.0.0.0/1', '128.0.0.0/1'];

let aws: FakeAws;
let tables: FakeTables;
let lines: string[];
beforeEach(() => {
  aws = new FakeAws();
  tables = new FakeTables(aws.calls);
  lines = [];
});

function run(options: LockdownOptions, more: Partial<LockdownWorld> = {}): Promise<boolean> {
  return lockdown('Core', options, {
    aws,
    tables,
    patience: { attempts: 3, pauseMs: 1, sleep: () => Promise.resolve() },
    now: () => new Date('2030-01-02T03:04:05Z'),
    paint: NO_COLORS,
    print: (line) => lines.push(line),
    ...more,
  });
}

function locked(): void {
  aws.contents.set('Switch-v4', V4_LOCKED);
  aws.contents.set('Switch-v6', V6_LOCKED);
}

const listener = (...actions: Action[]): DeployedListener => ({ ...PROVEN, rules: [{ name: 'rule 7', actions, conditions: [], rewrites: false }] });

const HOST: Condition = { field: 'host-header', values: ['core.acme.internal'], isRegex: false };
const method = (...values: string[]): Condition => ({ field: 'http-request-method', values, isRegex: false });
const paths = (...values: string[]): Condition => ({ field: 'path-pattern', values, isRegex: false });
const unproven = (conditions: readonly Condition[], others: Partial<DeployedRule> = {}): DeployedListener => (
  { ...PROVEN, rules: [{ name: 'rule 7', actions: [{ type: 'forward', order: 1, targetGroups: ['arn:tg'] }], conditions, rewrites: false, ...others }] }
);

describe('lockdown --on', () => {
  test('puts every IPv4 and IPv6 address into the sets and records who did it and why', async () => {
    expect(await run({ on: true, yes: true, reason: 'leak' })).toBe(true);
    expect(Object.fromEntries(aws.contents)).toEqual({ 'Switch-v4': V4_LOCKED, 'Switch-v6': V6_LOCKED });
    expect(aws.records).toEqual([{ logGroup: 'audit-log', event: {
      event: 'lockdown', action: 'on', phase: 'done', at: '2030-01-02T03:04:05.000Z', who: 'arn:aws:iam::111122223333:user/operator', why: 'leak', stack: 'Core', switch: 'Core/Sets',
      before: { IPV4: { state: 'open', addresses: [] }, IPV6: { state: 'open', addresses: [] } },
      after: { IPV4: { state: 'locked', addresses: V4_LOCKED }, IPV6: { state: 'locked', addresses: V6_LOCKED } },
      failures: {},
      tables: [],
    } }]);
    expect(lines.join('\n')).toContain('"action":"on"');
  });

  test('tries again where somebody else wrote to a set meanwhile', async () => {
    aws.troubles.set('Switch-v6', ['lost', 'lost']);
    expect(await run({ on: true, yes: true })).toBe(true);
    expect(aws.contents.get('Switch-v6')).toEqual(V6_LOCKED);
  });

  test('locks the other set, says so and fails where one cannot be written, and does the rest when it is run again', async () => {
    aws.troubles.set('Switch-v6', [new Error('Throttled'), new Error('Throttled'), new Error('Throttled')]);
    expect(await run({ on: true, yes: true })).toBe(false);
    expect(aws.contents.get('Switch-v4')).toEqual(V4_LOCKED);
    expect(lines.join('\n')).toMatch(/NOT locked – IPv4 locked .*, IPv6 open\n\s+IPV6 could not be written: Throttled\n\s+Run the same command again/);
    expect(aws.records).toMatchObject([{ event: { failures: { IPV6: 'Throttled' } } }]);
    expect(await run({ on: true, yes: true })).toBe(true);
  });

  test.each([
    ['the record cannot be written', () => { aws.recordFailure = new Error('no such log group'); }, 'no such log group'],
    ['nobody may look at the web ACLs', () => { aws.lookFailure = new Error('AccessDenied'); }, 'AccessDenied'],
    ['the tags of the sets cannot be read', () => { aws.tagFailure = new Error('AccessDenied'); }, 'not in any log group, keep it. AccessDenied'],
  ])('locks even where %s, and fails so that it is noticed', async (_name, bend, said) => {
    bend();
    expect(await run({ on: true, yes: true })).toBe(false);
    expect(aws.contents.get('Switch-v4')).toEqual(V4_LOCKED);
    expect(lines.join('\n')).toContain(said);
  });

  test('locks even where STS does not say who asks', async () => {
    aws.callerFailure = new Error('ExpiredToken');
    expect(await run({ on: true, yes: true })).toBe(true);
    expect(aws.records).toMatchObject([{ event: { who: 'unknown: ExpiredToken' } }]);
  });

  test('writes before it asks anybody anything else, so that a slow answer keeps no door open', async () => {
    await run({ on: true, yes: true });
    expect(aws.calls).toEqual(['write Switch-v4', 'write Switch-v6', 'caller', 'look']);
  });

  test('repeats nothing of what AWS wrote, which may be the request with its session token, in the record', async () => {
    aws.callerFailure = Object.assign(new Error('The Canonical String should have been: x-amz-security-token:hunter2'), { name: 'SignatureDoesNotMatch', $metadata: {} });
    aws.troubles.set('Switch-v6', Array.from({ length: 3 }, () => Object.assign(new Error('hunter2'), { name: 'WAFInternalErrorException', $metadata: {} })));
    expect(await run({ on: true, yes: true })).toBe(false);
    expect(aws.records).toMatchObject([{ event: {
      who: 'unknown: AWS does not accept the credentials: sign in again, and look at AWS_PROFILE.',
      failures: { IPV6: 'AWS WAF answered WAFInternalErrorException.' },
    } }]);
    expect(JSON.stringify([lines, aws.records])).not.toContain('hunter2');
  });

  test('names the right that is missing', async () => {
    const denied = Object.assign(new Error('User: arn:aws:iam::1:user/x is not authorized to perform: wafv2:UpdateIPSet on resource: y'), { name: 'AccessDeniedException', $metadata: {} });
    aws.troubles.set('Switch-v4', [denied, denied, denied]);
    expect(await run({ on: true, yes: true })).toBe(false);
    expect(lines.join('\n')).toContain('IPV4 could not be written: The credentials may not ask: they need wafv2:UpdateIPSet.');
  });

  test('locks the other switch where the sets of one are gone, and fails', async () => {
    aws.resources?.push({ type: LOCKDOWN_TYPE, path: 'Core/Other', physicalId: 'Other' });
    expect(await run({ on: true, yes: true })).toBe(false);
    expect(aws.contents.get('Switch-v6')).toEqual(V6_LOCKED);
    expect(lines.join('\n')).toContain('NOT locked: Core/Other has no IP set Other-v4 and Other-v6');
  });

  test('says which load balancer of the stack it does not lock', async () => {
    const aside = 'arn:aws:elasticloadbalancing:eu-central-1:111122223333:loadbalancer/app/aside/1';
    aws.protectedBy = ['arn:aws:elasticloadbalancing:eu-central-1:111122223333:loadbalancer/app/core/1'];
    for (const physicalId of [...aws.protectedBy, aside, aside.replace('/app/', '/net/')]) aws.resources?.push({ type: 'AWS::ElasticLoadBalancingV2::LoadBalancer', path: 'Core/Lb', physicalId });
    expect(await run({ on: true, yes: true })).toBe(true);
    expect(lines.filter((line) => line.includes('never locked'))).toEqual([`  Behind no switch of this stack, and so never locked: ${aside}`]);
  });

  const rule = (statement: WebAclSummary['rules'][number]['statement']) => () => {
    aws.acls = aws.acls.map((acl) => ({ ...acl, rules: [{ name: 'Lockdown', priority: 0, blocks: true, statement }] }));
  };
  const both = () => aws.sets.map(({ arn }) => ({ IPSetReferenceStatement: { ARN: arn } }));
  test.each<[string, () => void]>([
    ['wants an address to be in both sets', () => rule({ AndStatement: { Statements: both() } })()],
    ['blocks who is in neither', () => rule({ NotStatement: { Statement: { OrStatement: { Statements: both() } } } })()],
    ['compares a header, which callers choose', () => rule({ OrStatement: { Statements: both().map(({ IPSetReferenceStatement }) => (
      { IPSetReferenceStatement: { ...IPSetReferenceStatement, IPSetForwardedIPConfig: { HeaderName: 'x-forwarded-for', FallbackBehavior: 'NO_MATCH', Position: 'FIRST' } } }
    )) } })()],
  ])('does not take a rule for a lock that %s', async (_name, bend) => {
    bend();
    expect(await run({ on: true, yes: true })).toBe(false);
    expect(lines.join('\n')).toContain('web ACL Acl does not block by both sets in its first rule');
  });

  test.each([
    ['no web ACL reads the sets', () => { aws.acls = []; }],
    ['web ACL Acl does not block by both sets in its first rule', () => {
      aws.acls = aws.acls.map((acl) => ({ ...acl, rules: [{ name: 'Office', priority: -1, blocks: false, statement: {} }, ...acl.rules] }));
    }],
    ['its web ACL protects no load balancer', () => { aws.protectedBy = []; }],
  ])('does not call it a success where %s', async (said, bend) => {
    bend();
    expect(await run({ on: true, yes: true })).toBe(false);
    expect(lines.join('\n')).toContain(said);
  });
});

describe('lockdown --off', () => {
  beforeEach(locked);

  test('empties both sets and records it before and after', async () => {
    expect(await run({ off: true, yes: true })).toBe(true);
    expect([...aws.contents.values()]).toEqual([[], []]);
    expect(aws.records).toMatchObject([{ event: { phase: 'requested', after: null } }, { event: { phase: 'done', after: { IPV4: { state: 'open' }, IPV6: { state: 'open' } } } }]);
  });

  test.each<[string, DeployedListener]>([
    ['forwards at once', listener({ type: 'forward', order: 1 })],
    ['authenticates after it has forwarded', listener({ type: 'forward', order: 1 }, { type: 'jwt-validation', order: 2 })],
    ['lets those on who did not log in', listener({ type: 'authenticate-oidc', order: 1, onUnauthenticated: 'allow' }, { type: 'forward', order: 2 })],
  ])('refuses while a rule %s, and names it', async (_name, unproven) => {
    aws.listeners = [PROVEN, unproven];
    expect(await run({ off: true, yes: true })).toBe(false);
    const reason = 'rule 7 of listener HTTPS 443 forwards without asking who calls (arn:lb)';
    expect(lines.join('\n')).toContain(reason);
    expect(aws.contents.get('Switch-v4')).toEqual(V4_LOCKED);
    expect(aws.records).toMatchObject([{ event: { action: 'off', phase: 'refused', who: 'arn:aws:iam::111122223333:user/operator', refusals: [reason], after: { IPV4: { state: 'locked' } } } }]);
  });

  test.each<[string, DeployedListener]>([
    ['an OIDC login', listener({ type: 'authenticate-oidc', order: 1, onUnauthenticated: 'authenticate' }, { type: 'forward', order: 2 })],
    ['a Cognito login', listener({ type: 'authenticate-cognito', order: 1, onUnauthenticated: 'deny' }, { type: 'forward', order: 2 })],
    ['a listener that verifies client certificates', { ...listener({ type: 'forward', order: 1 }), verifiesClients: true }],
  ])('opens behind %s', async (_name, proven) => {
    aws.listeners = [proven];
    expect(await run({ off: true, yes: true })).toBe(true);
  });

  test.each<[string, string, readonly Condition[]]>([
    ['callers on exact paths, where the gate asks for every proof', 'callers', [HOST, paths('/v1/evaluate', '/v1/models')]],
    ['browsers that ask whether a page may call', 'preflight', [HOST, method('OPTIONS')]],
    ['strangers who ask whether it is well', 'callers preflight health', [HOST, method('GET'), paths('/health')]],
  ])('opens where a gate is said to be forwarded %s', async (_name, told, conditions) => {
    aws.listeners = [PROVEN, unproven(conditions)];
    aws.gateTags.set('arn:tg', told);
    expect(await run({ off: true, yes: true })).toBe(true);
    expect(aws.contents.get('Switch-v4')).toEqual([]);
    locked();
    aws.gateTags.clear();
    expect(await run({ off: true, yes: true })).toBe(false);
    expect(aws.contents.get('Switch-v4')).toEqual(V4_LOCKED);
  });

  test.each<[string, string, DeployedListener]>([
    ['callers, while the gate is there for preflights and health alone', 'preflight health', unproven([HOST, paths('/v1/evaluate')])],
    ['a preflight of which its tag says nothing', 'health', unproven([HOST, method('OPTIONS')])],
    ['OPTIONS among other methods', 'preflight', unproven([HOST, method('OPTIONS', 'GET')])],
    ['a health check by other methods', 'health', unproven([HOST, paths('/health')])],
    ['the health of several paths', 'health', unproven([HOST, method('GET'), paths('/health', '/healthz')])],
    ['a pattern of paths', 'callers', unproven([HOST, paths('/v1/evaluate', '/v1/*')])],
    ['paths by a regular expression', 'callers', unproven([HOST, { field: 'path-pattern', values: [], isRegex: true }])],
    ['all paths', 'callers', unproven([HOST])],
    ['the default action', 'callers preflight health', unproven([], { name: 'the default action' })],
    ['another path than was asked for', 'callers', unproven([HOST, paths('/v1/evaluate')], { rewrites: true })],
    ['a share of its requests to somebody else', 'callers', unproven([HOST, paths('/v1/evaluate')], { actions: [{ type: 'forward', order: 1, targetGroups: ['arn:tg', 'arn:other'] }] })],
    ['something of which no target group is named', 'callers', unproven([HOST, paths('/v1/evaluate')], { actions: [{ type: 'forward', order: 1 }] })],
    ['anything, where the tag says something else', 'yes', unproven([HOST, paths('/v1/evaluate')])],
  ])('refuses where a gate is forwarded %s', async (_name, told, open) => {
    aws.listeners = [open];
    aws.gateTags.set('arn:tg', told);
    expect(await run({ off: true, yes: true })).toBe(false);
    expect(lines.join('\n')).toContain(`${open.rules[0]?.name ?? ''} of listener HTTPS 443 forwards without asking who calls (arn:lb)`);
    expect(aws.contents.get('Switch-v4')).toEqual(V4_LOCKED);
  });

  test.each(['/worker/register', '/credentials/checkout'])('opens where workers are forwarded to a broker at %s, which asks for a signature itself', async (path) => {
    aws.listeners = [PROVEN, unproven([HOST, method('POST'), paths(path)])];
    aws.brokers.add('arn:tg');
    expect(await run({ off: true, yes: true })).toBe(true);
    expect(aws.contents.get('Switch-v4')).toEqual([]);
    locked();
    aws.brokers.clear();
    expect(await run({ off: true, yes: true })).toBe(false);
  });

  test.each<[string, readonly Condition[]]>([
    ['other methods', [HOST, paths('/worker/register')]],
    ['GET', [HOST, method('GET'), paths('/worker/register')]],
    ['what is no path of the protocol', [HOST, method('POST'), paths('/worker')]],
    ['a pattern of paths', [HOST, method('POST'), paths('/credentials/*')]],
  ])('refuses where a broker is forwarded %s', async (_name, conditions) => {
    aws.listeners = [unproven(conditions)];
    aws.brokers.add('arn:tg');
    expect(await run({ off: true, yes: true })).toBe(false);
    expect(aws.contents.get('Switch-v4')).toEqual(V4_LOCKED);
  });

  test('asks for the tags of no target group that is behind an authorizer', async () => {
    const tagsOf = jest.spyOn(aws, 'tagsOf');
    aws.listeners = [listener({ type: 'jwt-validation', order: 1 }, { type: 'forward', order: 2, targetGroups: ['arn:tg'] })];
    expect(await run({ off: true, yes: true })).toBe(true);
    expect(tagsOf.mock.calls).toEqual([['arn:lb']]);
  });

  test('looks again once somebody has confirmed: the authorizer may have gone meanwhile', async () => {
    const ask = (): Promise<string> => {
      aws.listeners = [listener({ type: 'forward', order: 1 })];
      return Promise.resolve('Core');
    };
    expect(await run({ off: true }, { ask })).toBe(false);
    expect(aws.contents.get('Switch-v4')).toEqual(V4_LOCKED);
  });

  test('does not open a stack of which it cannot see every switch', async () => {
    aws.resources?.push({ type: LOCKDOWN_TYPE, path: 'Core/Other', physicalId: 'Other' });
    await expect(run({ off: true, yes: true })).rejects.toThrow('Core/Other has no IP set');
    expect(aws.contents.get('Switch-v4')).toEqual(V4_LOCKED);
  });

  test('refuses where no load balancer can be seen', async () => {
    aws.protectedBy = [];
    expect(await run({ off: true, yes: true })).toBe(false);
    expect(aws.contents.get('Switch-v4')).toEqual(V4_LOCKED);
  });

  test('refuses where it cannot be recorded', async () => {
    aws.recordFailure = new Error('AccessDenied');
    expect(await run({ off: true, yes: true })).toBe(false);
    expect(aws.contents.get('Switch-v4')).toEqual(V4_LOCKED);
    expect(lines.join('\n')).toContain('not opened, since it could not be recorded');
  });

  test('does not guess where it may not look', async () => {
    aws.lookFailure = new Error('AccessDenied');
    await expect(run({ off: true, yes: true })).rejects.toThrow('AccessDenied');
    expect(aws.contents.get('Switch-v4')).toEqual(V4_LOCKED);
  });
});

describe('lockdown --status', () => {
  test('says open, and changes nothing', async () => {
    expect(await run({ status: true })).toBe(true);
    expect(lines).toEqual(['Core/Sets: open – IPv4 open, IPv6 open']);
    expect(aws.records).toEqual([]);
  });

  test('says locked with what the sets hold', async () => {
    locked();
    expect(await run({ status: true })).toBe(true);
    expect(lines[0]).toBe(`Core/Sets: locked – IPv4 locked (${V4_LOCKED.join(', ')}), IPv6 locked (${V6_LOCKED.join(', ')})`);
  });

  test.each([['only one set is locked', V4_LOCKED], ['a set holds some addresses', ['192.0.2.0/24']]])('fails where %s', async (_name, addresses) => {
    aws.contents.set('Switch-v4', addresses);
    expect(await run({ status: true })).toBe(false);
    expect(lines[0]).toContain('NEITHER LOCKED NOR OPEN');
  });

  test('tells that exposure is off as deployed', async () => {
    aws.exposure = 'off';
    expect(await run({ status: true })).toBe(true);
    expect(lines.join('\n')).toContain('Exposure is off as deployed: arn:lb');
  });
});

describe('lockdown asks before it acts', () => {
  test('goes on once the name of the stack is typed', async () => {
    expect(await run({ on: true }, { ask: () => Promise.resolve('Core') })).toBe(true);
  });

  test('changes nothing where another name is typed', async () => {
    await expect(run({ on: true }, { ask: () => Promise.resolve('core') })).rejects.toThrow('Nothing was changed');
    expect(aws.contents.get('Switch-v4')).toEqual([]);
  });

  test('never waits where nobody can answer', async () => {
    await expect(run({ on: true })).rejects.toThrow('There is no terminal to confirm at: add --yes.');
    expect(aws.contents.get('Switch-v4')).toEqual([]);
  });
});

describe('lockdown refuses', () => {
  test.each<[string, LockdownOptions, string]>([
    ['nothing to do', {}, 'Say what to do'],
    ['two things at once', { on: true, off: true }, 'one of them only'],
    ['an empty reason', { on: true, reason: ' ' }, '--reason is empty'],
  ])('%s', async (_name, options, message) => {
    await expect(run(options)).rejects.toThrow(message);
  });

  test.each<[string, () => void, string]>([
    ['a stack that is not there', () => { aws.resources = undefined; }, 'There is no stack Core'],
    ['a stack without a switch', () => { aws.resources = []; }, 'has no lock-down switch'],
    ['a switch whose set is gone', () => { aws.sets = aws.sets.slice(0, 1); }, 'Core/Sets has no IP set Switch-v6: change a tag'],
  ])('%s', async (_name, bend, message) => {
    bend();
    await expect(run({ on: true, yes: true })).rejects.toThrow(message);
  });
});
