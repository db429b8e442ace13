import { NO_COLORS } from '../../src/cli/colors';
import { lockdown, type LockdownOptions } from '../../src/cli/lockdown';
import type { LockdownRecord } from '../../src/cli/lockdown/record';
import type { LockdownWorld } from '../../src/cli/lockdown/world';
import { EVERYBODY, LOCKDOWN_TYPE } from '../../src/lockdown/contract';
import { FakeAws, FakeTables, PROVEN } from '../support/fake-lockdown-aws';

const WHO = 'arn:aws:iam::111122223333:user/operator';
const NOW = '2030-01-02T03:04:05.000Z';
const TABLE = { type: 'AWS::DynamoDB::Table', path: 'Core/Table', physicalId: 'gate' };
const NESTED = { type: 'AWS::DynamoDB::GlobalTable', path: 'Core/Nested/Table', physicalId: 'nested' };
const BALANCER = { type: 'AWS::ElasticLoadBalancingV2::LoadBalancer', path: 'Core/Lb', physicalId: 'arn:aws:elasticloadbalancing:eu-central-1:111122223333:loadbalancer/app/core/1' };
const SWITCH = { type: LOCKDOWN_TYPE, path: 'Core/Sets', physicalId: 'Switch' };

let aws: FakeAws;
let tables: FakeTables;
let lines: string[];
beforeEach(() => {
  aws = new FakeAws();
  aws.resources = [SWITCH, TABLE];
  tables = new FakeTables(aws.calls);
  lines = [];
});

function run(options: LockdownOptions, more: Partial<LockdownWorld> = {}): Promise<boolean> {
  return lockdown('Core', options, {
    aws, tables, patience: { attempts: 3, pauseMs: 1, sleep: () => Promise.resolve() }, now: () => new Date(NOW), paint: NO_COLORS, print: (line) => lines.push(line), ...more,
  });
}

const said = (): string => lines.join('\n');
const records = (): LockdownRecord[] => aws.records.map(({ event }) => event as LockdownRecord);
const denied = (): Error => Object.assign(new Error('User: x is not authorized to perform: dynamodb:PutItem on resource: y'), { name: 'AccessDeniedException', $metadata: {} });

function lockAll(): void {
  aws.contents.set('Switch-v4', EVERYBODY.IPV4).set('Switch-v6', EVERYBODY.IPV6);
  tables.raised.set('gate', { since: NOW, why: null, who: WHO });
}

describe('lockdown --on raises the flag', () => {
  test('of every table of a gate, nested ones too, and of no other table', async () => {
    tables.others.add('theirs');
    aws.resources?.push(NESTED, { ...TABLE, path: 'Core/Theirs', physicalId: 'theirs' });
    expect(await run({ on: true, yes: true, reason: 'leak' })).toBe(true);
    const flag = { since: NOW, why: 'leak', who: WHO };
    expect(Object.fromEntries(tables.raised)).toEqual({ gate: flag, nested: flag });
    expect(said()).toContain('Gate table gate: locked\nGate table nested: locked\nEvery gate refuses within 5 seconds, and cuts streams that are open.');
  });

  test('at the same time as the sets are written, and before anybody is asked who does it', async () => {
    await run({ on: true, yes: true });
    expect(aws.calls.slice(0, aws.calls.indexOf('caller')).sort()).toEqual(['raise gate', 'write Switch-v4', 'write Switch-v6']);
    expect(aws.calls.slice(aws.calls.indexOf('caller'))).toEqual(['caller', 'raise gate', 'look']);
  });

  test('and writes down what it was before and is after', async () => {
    await run({ on: true, yes: true, reason: 'leak' });
    expect(records().map((record) => record.tables)).toEqual([[
      { table: 'gate', before: { state: 'open' }, after: { state: 'locked', flag: { since: NOW, why: 'leak', who: WHO } }, failure: null },
    ]]);
  });

  test('once: whoever was first stands', async () => {
    const first = { since: '2029-12-31T00:00:00.000Z', why: 'drill', who: 'arn:first' };
    tables.raised.set('gate', first);
    expect(await run({ on: true, yes: true })).toBe(true);
    expect(tables.raised.get('gate')).toEqual(first);
    expect(said()).toContain('Gate table gate: locked since 2029-12-31T00:00:00.000Z by arn:first: drill');
  });

  test('tries again, as with the sets', async () => {
    tables.troubles.set('gate', [new Error('Throttled'), new Error('Throttled')]);
    expect(await run({ on: true, yes: true })).toBe(true);
    expect(tables.raised.has('gate')).toBe(true);
  });

  test('of the other tables and locks the sets where one cannot be written, says which, and fails', async () => {
    aws.resources?.push(NESTED);
    tables.troubles.set('gate', [denied(), denied(), denied()]);
    expect(await run({ on: true, yes: true })).toBe(false);
    expect([...tables.raised.keys()]).toEqual(['nested']);
    expect(aws.contents.get('Switch-v4')).toEqual(EVERYBODY.IPV4);
    expect(said()).toMatch(/Gate table gate: NOT locked – the flag is open\n\s+The flag could not be written: The credentials may not ask: they need dynamodb:PutItem\.\n\s+Run the same command again/);
    expect(records()[0]?.tables).toMatchObject([{ table: 'gate', after: { state: 'open' }, failure: 'The credentials may not ask: they need dynamodb:PutItem.' }, { table: 'nested', failure: null }]);
    expect(await run({ on: true, yes: true })).toBe(true);
  });

  test('even where the sets cannot be written', async () => {
    aws.troubles.set('Switch-v4', [new Error('Throttled'), new Error('Throttled'), new Error('Throttled')]);
    expect(await run({ on: true, yes: true })).toBe(false);
    expect(tables.raised.has('gate')).toBe(true);
  });

  test('even where nobody may list the sets', async () => {
    aws.ipSets = () => Promise.reject(Object.assign(new Error('no'), { name: 'WAFInternalErrorException', $metadata: {} }));
    expect(await run({ on: true, yes: true })).toBe(false);
    expect(tables.raised.has('gate')).toBe(true);
    expect(said()).toContain('NOT locked: Core/Sets: its IP sets cannot be found. AWS WAF answered WAFInternalErrorException.');
  });

  test('and does not call it done where it cannot read it back', async () => {
    tables.readFailure = new Error('down');
    expect(await run({ on: true, yes: true })).toBe(false);
    expect(said()).toContain('Gate table gate: NOT locked – the flag is unknown');
  });

  test('and locks the sets all the same where nobody may look whose the tables are', async () => {
    tables.tagFailure = Object.assign(new Error('is not authorized to perform: dynamodb:DescribeTable on'), { name: 'AccessDeniedException', $metadata: {} });
    expect(await run({ on: true, yes: true })).toBe(false);
    expect(aws.contents.get('Switch-v6')).not.toEqual([]);
    expect(said()).toContain("NOT locked: whether table gate is a gate's is not known. The credentials may not ask: they need dynamodb:DescribeTable.");
  });

  test('even where STS does not say who asks', async () => {
    aws.callerFailure = new Error('ExpiredToken');
    expect(await run({ on: true, yes: true })).toBe(true);
    expect(tables.raised.get('gate')?.who).toBe('unknown: ExpiredToken');
  });

  test('of a gate without a switch, whose record is on the screen alone', async () => {
    aws.resources = [TABLE, BALANCER];
    expect(await run({ on: true, yes: true })).toBe(true);
    expect(tables.raised.has('gate')).toBe(true);
    expect(aws.records).toEqual([]);
    expect(said()).toContain('"switch":null');
    expect(said()).toContain('in no log group');
    expect(said()).not.toContain('AWS WAF');
    expect(said()).not.toContain('never locked');
  });

  test('of nobody without a confirmation', async () => {
    await expect(run({ on: true }, { ask: () => Promise.resolve('core') })).rejects.toThrow('Nothing was changed');
    expect(tables.raised.size).toBe(0);
  });
});

describe('lockdown --off lowers the flag', () => {
  beforeEach(lockAll);

  test('once the sets are open, and writes it down before and after', async () => {
    expect(await run({ off: true, yes: true })).toBe(true);
    expect(tables.raised.size).toBe(0);
    expect(aws.calls.filter((call) => /^(write|lower)/.test(call))).toEqual(['write Switch-v4', 'write Switch-v6', 'lower gate']);
    expect(records().map(({ phase, tables: [table] }) => [phase, table?.before.state, table?.after?.state])).toEqual([['requested', 'locked', undefined], ['done', 'locked', 'open']]);
  });

  test('not while anything is forwarded without a proof (INC-2)', async () => {
    aws.listeners = [{ ...PROVEN, rules: [{ name: 'rule 7', actions: [{ type: 'forward', order: 1 }], conditions: [], rewrites: false }] }];
    expect(await run({ off: true, yes: true })).toBe(false);
    expect(tables.raised.has('gate')).toBe(true);
    expect(records()).toMatchObject([{ phase: 'refused', tables: [{ table: 'gate', before: { state: 'locked' } }] }]);
  });

  test.each<[string, () => void]>([
    ['forwards without a proof', () => { aws.listeners = [{ ...PROVEN, rules: [{ name: 'rule 7', actions: [{ type: 'forward', order: 1 }], conditions: [], rewrites: false }] }]; }],
    ['is not in the stack', () => { aws.resources = [TABLE]; }],
  ])('not of a gate without a switch whose load balancer %s (INC-2)', async (_name, bend) => {
    aws.resources = [TABLE, BALANCER];
    bend();
    expect(await run({ off: true, yes: true })).toBe(false);
    expect(tables.raised.has('gate')).toBe(true);
    expect(said()).toContain('Not opened: ');
  });

  test('of a gate without a switch behind an authorizer', async () => {
    aws.resources = [TABLE, BALANCER];
    expect(await run({ off: true, yes: true })).toBe(true);
    expect(tables.raised.size).toBe(0);
  });

  test('not while a set is still closed, so that the inner door opens last', async () => {
    aws.troubles.set('Switch-v6', [new Error('Throttled'), new Error('Throttled'), new Error('Throttled')]);
    expect(await run({ off: true, yes: true })).toBe(false);
    expect(tables.raised.has('gate')).toBe(true);
    expect(said()).toContain('The gates stay as they are until every switch is open.');
  });

  test('not where it cannot be recorded', async () => {
    aws.recordFailure = new Error('AccessDenied');
    expect(await run({ off: true, yes: true })).toBe(false);
    expect(tables.raised.has('gate')).toBe(true);
  });

  test('of what can be written, and says which table is still locked', async () => {
    aws.resources?.push(NESTED);
    tables.raised.set('nested', { since: NOW, why: null, who: WHO });
    tables.troubles.set('gate', [denied(), denied(), denied()]);
    expect(await run({ off: true, yes: true })).toBe(false);
    expect([...tables.raised.keys()]).toEqual(['gate']);
    expect(said()).toContain('Gate table gate: NOT open – the flag is locked');
  });

  test('not of a stack of which it cannot see every table', async () => {
    tables.tagFailure = new Error('AccessDenied');
    await expect(run({ off: true, yes: true })).rejects.toThrow("whether table gate is a gate's is not known");
    expect(tables.raised.has('gate')).toBe(true);
    expect(aws.contents.get('Switch-v4')).toEqual(EVERYBODY.IPV4);
  });
});

describe('lockdown --status tells of the flag', () => {
  test('open', async () => {
    expect(await run({ status: true })).toBe(true);
    expect(lines).toEqual(['Core/Sets: open – IPv4 open, IPv6 open', 'Gate table gate: open']);
  });

  test('locked, since when, by whom and why', async () => {
    lockAll();
    tables.raised.set('gate', { since: NOW, why: 'leak', who: WHO });
    expect(await run({ status: true })).toBe(true);
    expect(lines[1]).toBe(`Gate table gate: locked since ${NOW} by ${WHO}: leak`);
  });

  test.each<[string, () => void]>([
    ['the sets are locked and the flag is not', () => { lockAll(); tables.raised.clear(); }],
    ['the flag is raised and the sets are open', () => { tables.raised.set('gate', { since: null, why: null, who: null }); }],
    ['the flag cannot be read', () => { tables.readFailure = new Error('down'); }],
  ])('and fails where %s', async (_name, bend) => {
    bend();
    expect(await run({ status: true })).toBe(false);
    expect(said()).toContain('Switches and gates do not all say the same');
  });

  test('of a gate without a switch', async () => {
    aws.resources = [TABLE, BALANCER];
    expect(await run({ status: true })).toBe(true);
    expect(lines).toEqual(['Gate table gate: open']);
  });
});
