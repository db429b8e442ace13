import { NO_COLORS } from '../../src/cli/colors';
import { rotate, type RotateOptions } from '../../src/cli/rotate';
import type { RotateWorld } from '../../src/cli/rotate/world';
import { ROTATION_BY_ISSUER_METADATA, ROTATION_EXEMPT_METADATA } from '../../src/secrets/contract';
import { FakeRotateAws } from '../support/fake-rotate-aws';

const ROLLED = { isRolledOut: true } as const;

let aws: FakeRotateAws;
let lines: string[];
beforeEach(() => {
  aws = new FakeRotateAws();
  lines = [];
});

function run(secrets: readonly string[], options: Partial<RotateOptions> = {}, more: Partial<RotateWorld> = {}): Promise<boolean> {
  return rotate('Core', secrets, options, { aws, now: aws.now, sleep: aws.sleep, randomId: aws.randomId, paint: NO_COLORS, print: (line) => lines.push(line), ...more });
}

const stateOf = (logicalId: string) => aws.secrets.get(`arn:${logicalId}`)?.state;
const said = (): string => lines.join('\n');

function addAll(): void {
  aws.add('Vllm', { kind: 'ring', ...ROLLED });
  aws.add('Database', { kind: 'postgres-user', ...ROLLED });
  aws.add('Workers', { kind: 'redis-user', ...ROLLED });
  aws.add('Gate', { kind: 'redis-user', ...ROLLED });
  aws.addUnrotated('MasterKey', { [ROTATION_EXEMPT_METADATA]: 'what it encrypted could not be read any more' });
  aws.addUnrotated('OpenAi', { [ROTATION_BY_ISSUER_METADATA]: 90 });
}

describe('rotate --all', () => {
  test('goes from what only its own holders know to what many share, and begins one only when the one before is settled', async () => {
    addAll();
    expect(await run([], { all: true, yes: true })).toBe(true);
    expect(aws.calls).toEqual(['rotate arn:Gate token-1', 'rotate arn:Workers token-2', 'rotate arn:Database token-3', 'rotate arn:Vllm token-4']);
    const settled = [...aws.secrets.values()].filter(({ rotation }) => rotation).map(({ state }) => [state.pending, state.previous, state.current !== 'v0']);
    expect(settled).toEqual(Array.from({ length: 4 }, () => [undefined, undefined, true]));
    expect(lines.filter((line) => line === '  done')).toHaveLength(4);
  });

  test('tells of an open session of PostgreSQL, which holds an old login up, and of no other store', async () => {
    addAll();
    for (const [name, says] of [['Database', true], ['Gate', false]] as const) {
      lines.length = 0;
      const secret = aws.secrets.get(`arn:${name}`);
      if (secret) secret.isStuckAt = 'unretired';
      expect(await run([name], { yes: true, timeout: '2' })).toBe(false);
      expect(said().includes('pg_terminate_backend')).toBe(says);
    }
  });

  test('leaves alone what nobody rotates, and says why', async () => {
    addAll();
    await run([], { all: true, yes: true });
    expect(said()).toContain('Core/MasterKey is left alone: what it encrypted could not be read any more.');
    expect(said()).toContain('Core/OpenAi is left alone: only its issuer can renew it');
    expect(aws.calls.join()).not.toMatch(/MasterKey|OpenAi/);
  });

  test('stops at the first that does not get there, says what stands where, and goes on from there with what it says', async () => {
    addAll();
    const workers = aws.secrets.get('arn:Workers');
    if (workers) workers.isStuckAt = 'unretired';
    expect(await run([], { all: true, yes: true, timeout: '2' })).toBe(false);
    expect(aws.calls).toEqual(['rotate arn:Gate token-1', 'rotate arn:Workers token-2']);
    expect(said()).toMatch(/Core\/Gate\n(.*\n)+ {2}done\nCore\/Workers\n(.*\n)* {2}STOPPED\. The new value is current and the old one is still let in/);
    const [, since = ''] = /--all --yes --since (\S+) --timeout 2$/m.exec(said()) ?? [];
    expect(since).toBe('2030-01-02T03:04:05.000Z');
    workers?.ahead.push((state) => delete state.previous);
    aws.calls.length = 0;
    expect(await run([], { all: true, yes: true, since })).toBe(true);
    expect(aws.calls).toEqual(['rotate arn:Database token-3', 'rotate arn:Vllm token-4']);
    expect(said()).toMatch(/Core\/Gate\n {2}was rotated at 2030-01-02T.*Z already, and is settled/);
  });
});

describe('rotate of one secret', () => {
  test.each(['Database', 'Core/Database', 'core/Database', 'arn:Database'])('finds it as %s', async (name) => {
    addAll();
    expect(await run([name], { yes: true })).toBe(true);
    expect(aws.calls).toEqual(['rotate arn:Database token-1']);
  });

  test('waits until the old value is let in no more, and says what it waits for', async () => {
    aws.add('Gate', { kind: 'redis-user', ...ROLLED });
    await run(['Gate'], { yes: true });
    expect(lines.slice(1)).toEqual([
      'Core/Gate', '  started', '  the new value is being made, let in and tried', '  the new value is current; tasks that hold the old one are being replaced, then it is shut out', '  done',
    ]);
    expect(stateOf('Gate')).toMatchObject({ current: 'token-1' });
    expect(stateOf('Gate')?.previous).toBeUndefined();
  });

  test('does not wait for the old value where nobody replaces the tasks', async () => {
    aws.add('Gate', { kind: 'redis-user', isRolledOut: false });
    expect(await run(['Gate'], { yes: true })).toBe(true);
    expect(stateOf('Gate')).toMatchObject({ current: 'token-1', previous: 'v0' });
  });

  test('waits for a rotation that is under way, under its own token, and does not begin another', async () => {
    aws.add('Gate', { kind: 'redis-user', ...ROLLED }, { pending: 'earlier' });
    expect(await run(['Gate'], { yes: true })).toBe(true);
    expect(aws.calls).toEqual(['rotate arn:Gate earlier']);
    expect(stateOf('Gate')).toMatchObject({ current: 'earlier' });
  });

  test('begins another where the one that was under way was given up', async () => {
    const { ahead } = aws.add('Gate', { kind: 'redis-user', ...ROLLED }, { pending: 'earlier' });
    // Nobody goes on with it, and somebody takes its label off.
    ahead.push(() => undefined, () => undefined, (state) => {
      delete state.pending;
      ahead.splice(0);
    });
    expect(await run(['Gate'], { yes: true })).toBe(true);
    expect(aws.calls).toEqual(['rotate arn:Gate earlier', 'rotate arn:Gate token-1']);
  });

  test('rotates also what AWS has rotated in the future of a clock that is slow, unless it goes on with something', async () => {
    const lastRotatedAt = new Date('2030-01-02T03:09:00Z');
    aws.add('Gate', { kind: 'redis-user', ...ROLLED }, { lastRotatedAt });
    expect(await run(['Gate'], { yes: true, since: '2030-01-02T03:04:05Z' })).toBe(true);
    expect(aws.calls).toEqual([]);
    expect(await run(['Gate'], { yes: true })).toBe(true);
    expect(aws.calls).toEqual(['rotate arn:Gate token-1']);
  });

  test.each<[string, readonly string[], Partial<RotateOptions>, string]>([
    ['names', ['Vllm', 'arn:Gate'], {}, 'rotate Core Vllm arn:Gate --since 2030-01-02T03:04:05.000Z'],
    ['all, as it was asked', [], { all: true }, 'rotate Core --all --since 2030-01-02T03:04:05.000Z'],
    [
      'every option', ['Gate'], { leaked: true, yes: true, timeout: '5', region: 'eu-west-1', endpointUrl: 'http://127.0.0.1:4566', since: '2030-01-02T03:00:00Z' },
      'rotate Core Gate --leaked --yes --since 2030-01-02T03:00:00.000Z --timeout 5 --region eu-west-1 --endpoint-url http://127.0.0.1:4566',
    ],
  ])('tells at the beginning how to go on with exactly this: %s', async (_, secrets, options, line) => {
    addAll();
    expect(await run(secrets, options, { ask: () => Promise.resolve('Core') })).toBe(true);
    expect(lines.find((said) => said.startsWith('If this is interrupted'))).toBe(`If this is interrupted, go on with: cdk-secure-core ${line}`);
  });

  test('waits until an earlier value is retired before it begins', async () => {
    const { ahead } = aws.add('Gate', { kind: 'redis-user', ...ROLLED }, { previous: 'v-1' });
    ahead.push(() => undefined, () => undefined, () => undefined, (state) => delete state.previous);
    expect(await run(['Gate'], { yes: true })).toBe(true);
    expect(aws.calls).toEqual(['rotate arn:Gate token-1']);
  });

  test('gives up after its time, with the log to look at', async () => {
    aws.add('Gate', { kind: 'redis-user', ...ROLLED }).isStuckAt = 'pending';
    expect(await run(['Gate'], { yes: true, timeout: '1' })).toBe(false);
    expect(said()).toContain('STOPPED. The new value is not current, and the old one is still valid: look at the log of RotateGate.');
    expect(aws.time).toBe(Date.parse('2030-01-02T03:05:05Z'));
  });

  test('bears a network that fails for a moment, and not one that stays away', async () => {
    aws.add('Gate', { kind: 'redis-user', ...ROLLED });
    const gone = (): Error => Object.assign(new Error('hunter2'), { name: 'TimeoutError' });
    const sleep = (ms: number): Promise<void> => {
      if (aws.time === Date.parse('2030-01-02T03:04:05Z')) aws.troubles.push(gone(), gone());
      return aws.sleep(ms);
    };
    expect(await run(['Gate'], { yes: true }, { sleep })).toBe(true);
    expect(await run(['Gate'], { yes: true }, { sleep: (ms) => { aws.troubles.push(...Array.from({ length: 5 }, gone)); return aws.sleep(ms); } })).toBe(false);
    expect(said()).toContain('STOPPED. AWS cannot be reached');
    expect(said()).not.toContain('hunter2');
  });

  test('stops where Secrets Manager refuses, and repeats nothing of its message but the right that is missing', async () => {
    aws.add('Gate', { kind: 'redis-user', ...ROLLED });
    aws.rotateFailure = Object.assign(new Error('User: hunter2 is not authorized to perform: secretsmanager:RotateSecret on resource: x'), { name: 'AccessDeniedException', $metadata: {} });
    expect(await run(['Gate'], { yes: true })).toBe(false);
    expect(said()).toContain('The credentials may not ask: they need secretsmanager:RotateSecret.');
    expect(said()).not.toContain('hunter2');
  });
});

describe('rotate --leaked', () => {
  test('rotates a ring twice, since it holds the next value too, and a password once', async () => {
    aws.add('Vllm', { kind: 'ring', ...ROLLED });
    aws.add('Gate', { kind: 'redis-user', ...ROLLED });
    expect(await run(['Vllm', 'Gate'], { yes: true, leaked: true })).toBe(true);
    expect(aws.calls).toEqual(['rotate arn:Gate token-1', 'rotate arn:Vllm token-2', 'rotate arn:Vllm token-3']);
    expect(stateOf('Vllm')).toMatchObject({ current: 'token-3-replaced' });
  });

  test.each([['redis-user', 1], ['ring', 2]] as const)('does not count a rotation of a %s that was on its way, whose new value may be known as well', async (kind, turns) => {
    aws.add('Secret', { kind, ...ROLLED }, { pending: 'earlier' });
    expect(await run(['Secret'], { yes: true, leaked: true })).toBe(true);
    expect(aws.calls).toEqual(['rotate arn:Secret earlier', ...Array.from({ length: turns }, (_, turn) => `rotate arn:Secret token-${turn + 1}`)]);
  });

  test('does the second half where it was interrupted after the first', async () => {
    aws.add('Vllm', { kind: 'ring', ...ROLLED }, { lastRotatedAt: new Date('2030-01-02T03:00:30Z') });
    expect(await run(['Vllm'], { yes: true, leaked: true, since: '2030-01-02T03:00:00Z' })).toBe(true);
    expect(aws.calls).toEqual(['rotate arn:Vllm token-1']);
  });

  test.each([['ring', 3], ['redis-user', 2]] as const)('refuses a %s that nobody rolls out, and says what to do', async (kind, times) => {
    aws.add('Secret', { kind, isRolledOut: false });
    await expect(run(['Secret'], { yes: true, leaked: true })).rejects.toThrow(`Rotate it ${times} times without --leaked, and restart its services after each. Nothing was changed.`);
    expect(aws.calls).toEqual([]);
  });
});

describe('rotate refuses', () => {
  test.each<[string, readonly string[], Partial<RotateOptions>, RegExp]>([
    ['the master key, with the reason', ['MasterKey'], {}, /^Core\/MasterKey is not rotated: what it encrypted could not be read any more\. Nothing was changed\.$/],
    ['a key that only its issuer renews', ['Gate', 'OpenAi'], {}, /^Core\/OpenAi is not rotated: only its issuer can renew it/],
    ['a secret that is not there', ['Other'], {}, /^Stack Core has no secret Other: it has Core\/Gate, /],
    ['to guess which is meant', [], {}, /^Name the secrets to rotate, or say --all, and not both/],
    ['names beside --all', ['Gate'], { all: true }, /and not both/],
    ['a time that is none', ['Gate'], { since: 'yesterday' }, /^--since yesterday: give a moment in the past in UTC/],
    ['a time to come', ['Gate'], { since: '2030-01-02T03:04:06Z' }, /give a moment in the past/],
    ['a timeout that is none', ['Gate'], { timeout: '0' }, /^--timeout 0: give a whole number of minutes/],
  ])('%s', async (_, secrets, options, message) => {
    addAll();
    await expect(run(secrets, { yes: true, ...options })).rejects.toThrow(message);
    expect(aws.calls).toEqual([]);
  });

  test('a stack that is not there', async () => {
    aws.resources = undefined;
    await expect(run([], { all: true, yes: true })).rejects.toThrow('There is no stack Core in this account and region.');
  });

  test('a stack without a secret that rotates', async () => {
    await expect(run([], { all: true, yes: true })).rejects.toThrow('Stack Core has no secret that rotates. Nothing was changed.');
  });

  test('to go on without the name of the stack', async () => {
    addAll();
    const questions: string[] = [];
    const ask = (question: string): Promise<string> => {
      questions.push(question);
      return Promise.resolve('core');
    };
    await expect(run(['Gate'], {}, { ask })).rejects.toThrow('That is not the name of the stack. Nothing was changed.');
    await expect(run(['Gate'])).rejects.toThrow('There is no terminal to confirm at: add --yes.');
    expect(questions).toEqual(['This will rotate Core/Gate of Core. Type its name to go on:']);
    expect(aws.calls).toEqual([]);
    expect(await run(['Gate'], {}, { ask: () => Promise.resolve('Core') })).toBe(true);
  });
});

describe('rotate --list', () => {
  test('shows kind, age, dates and state of each, and why others are not rotated', async () => {
    addAll();
    expect(await run([], { list: true })).toBe(true);
    expect(lines).toEqual([
      'Core/Gate       redis-user     13 days old, rotated 2029-12-20, next 2030-01-19  settled',
      'Core/Workers    redis-user     13 days old, rotated 2029-12-20, next 2030-01-19  settled',
      'Core/Database   postgres-user  13 days old, rotated 2029-12-20, next 2030-01-19  settled',
      'Core/Vllm       ring           13 days old, rotated 2029-12-20, next 2030-01-19  settled',
      'Core/MasterKey  not rotated: what it encrypted could not be read any more',
      'Core/OpenAi     not rotated: only its issuer can renew it: make a new one there, and put it into the secret',
    ]);
    expect(aws.calls).toEqual([]);
  });

  test.each<[string, object, RegExp]>([
    ['is being rotated', { pending: 'v1' }, /ROTATING$/],
    ['has an old value that is not retired', { previous: 'v-1' }, /OLD VALUE STILL LET IN$/],
  ])('fails where a secret %s', async (_, more, words) => {
    aws.add('Gate', { kind: 'redis-user', ...ROLLED }, more);
    expect(await run([], { list: true })).toBe(false);
    expect(said()).toMatch(words);
  });

  test('shows what was never rotated, and of which nothing is known', async () => {
    aws.add('Gate', { kind: 'redis-user', isRolledOut: false }, { previous: 'v-1', current: 'v9', lastRotatedAt: undefined, nextRotationAt: undefined });
    expect(await run([], { list: true })).toBe(true);
    expect(said()).toMatch(/of unknown age, rotated never, next unknown {2}settled$/);
  });
});
