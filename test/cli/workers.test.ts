import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { NO_COLORS } from '../../src/cli/colors';
import { admitWorker, openFleet } from '../../src/cli/workers/admit';
import { invite, type InviteOptions } from '../../src/cli/workers/invite';
import { listWorkers } from '../../src/cli/workers/list';
import { type RevokeOptions, revokeWorkers } from '../../src/cli/workers/revoke';
import type { WorkersWorld } from '../../src/cli/workers/world';
import { operate } from '../../src/runtime/broker/operate';
import { PHASE_3, world as brokerWorld } from '../runtime/broker/world';
import { CommandLine } from '../support/command-line';
import { BROKER_ARN, FakeWorkersAws } from '../support/fake-workers-aws';

/** The shape of a token, and none. */
const TOKEN = `${'a'.repeat(22)}.${'b'.repeat(43)}`;
const UNTIL = Date.parse('2030-01-02T03:14:05Z') / 1000;
const INVITED = { token: TOKEN, worker: 'w1', until: UNTIL, url: 'https://broker.acme.internal' };

let aws: FakeWorkersAws;
let printed: string[];
let said: string[];
beforeEach(() => {
  aws = new FakeWorkersAws();
  printed = [];
  said = [];
});

const world = (more: Partial<WorkersWorld> = {}): WorkersWorld => ({ aws, paint: NO_COLORS, print: (line) => printed.push(line), say: (line) => said.push(line), ...more });
const requests = (): unknown[] => aws.asked.map(({ request }) => request);

describe('workers invite', () => {
  const inviteTo = (options: Partial<InviteOptions> = {}): Promise<boolean> => invite('Tom', { worker: 'w1', expires: '10m', ...options }, world());

  test('prints the token alone, once, and says for whom and until when without it', async () => {
    aws.answers = [INVITED];
    expect(await inviteTo()).toBe(true);
    expect(aws.asked).toEqual([{ arn: BROKER_ARN, request: { invite: { worker: 'w1', lifeSeconds: 600 } } }]);
    expect(printed).toEqual([TOKEN]);
    expect(said.join()).toContain('Worker w1 can join at https://broker.acme.internal with this token, once, until 2030-01-02T03:14:05Z.');
    expect(said.join()).not.toContain('b'.repeat(10));
  });

  test.each<[string, Partial<InviteOptions>, RegExp]>([
    ['for a worker with a slash', { worker: 'a/b' }, /--worker "a\/b": begin with a letter or digit/],
    ['for nobody', { worker: '' }, /--worker ""/],
    ['for longer than an hour', { expires: '2h' }, /--expires 2h: name 1m to 60m/],
    ['for no time', { expires: '0m' }, /--expires 0m/],
    ['for ever', { expires: 'never' }, /--expires never/],
  ])('asks for no token %s', async (_, options, message) => {
    await expect(inviteTo(options)).rejects.toThrow(message);
    expect([printed, aws.asked]).toEqual([[], []]);
  });

  test('takes a minute and an hour', async () => {
    aws.answers = [INVITED];
    await inviteTo({ expires: '1m' });
    await inviteTo({ expires: '1h' });
    expect(requests()).toEqual([60, 3600].map((lifeSeconds) => ({ invite: { worker: 'w1', lifeSeconds } })));
  });

  test.each<[string, RegExp]>([
    ['not-in-this-phase', /takes no join tokens.*Add WorkerJoin\.token\(\)/],
    ['life-too-long', /--expires is longer than this broker lets an invitation last/],
    ['unavailable', /could not reach its table or its keys: try again/],
    ['malformed', /use the version of cdk-secure-core that deployed it/],
    ['something-new', /The broker refused: something-new\./],
  ])('says what to do where the broker answers %s', async (error, message) => {
    aws.answers = [{ error }];
    await expect(inviteTo()).rejects.toThrow(message);
    expect(printed).toEqual([]);
  });

  test('repeats nothing of an answer that it does not know', async () => {
    aws.answers = [{ token: TOKEN }];
    const failure: unknown = await inviteTo().catch((error: unknown) => error);
    expect(String(failure)).toContain('in a way that this version does not know');
    expect(String(failure)).not.toContain(TOKEN);
    expect(printed).toEqual([]);
  });
});

describe('the broker of a stack', () => {
  const list = (broker?: string): Promise<boolean> => listWorkers('Tom', { ...(broker !== undefined && { broker }) }, world());
  const addOther = (): void => {
    aws.resources?.push({ type: 'AWS::Lambda::Function', path: 'Tom/Site/Other', physicalId: 'other' });
    aws.tags.set('other', new Map([['cdk-secure-core:broker', 'shared-key']]));
  };

  test.each<[string, () => void, RegExp]>([
    ['no stack', () => { aws.resources = undefined; }, /There is no stack Tom/],
    ['no function with the tag', () => { aws.tags.clear(); }, /Stack Tom has no broker: none of its functions carries the tag cdk-secure-core:broker/],
    ['two brokers', addOther, /has several brokers: add --broker with one of Tom\/Broker, Tom\/Site\/Other/],
  ])('is not guessed where there is %s', async (_, bend, message) => {
    bend();
    await expect(list()).rejects.toThrow(message);
    expect(aws.asked).toEqual([]);
  });

  test('is the one that is named, by its place or its ARN', async () => {
    addOther();
    for (const broker of ['Tom/Site/Other', 'Site/Other', 'arn:aws:lambda:eu-central-1:111122223333:function:other']) await list(broker);
    expect(new Set(aws.asked.map(({ arn }) => arn))).toEqual(new Set(['arn:aws:lambda:eu-central-1:111122223333:function:other']));
    await expect(list('Rollout')).rejects.toThrow('--broker Rollout: the stack has Tom/Broker, Tom/Site/Other');
  });
});

describe('workers list', () => {
  const worker = { worker: 'w1', state: 'active', kind: 'own', registeredAt: UNTIL, expiresAt: UNTIL + 3600 };

  test('shows all pages, also behind one without workers', async () => {
    aws.answers = [
      { fleet: { epoch: 3 }, workers: [worker], after: 'w1' },
      { fleet: { epoch: 3 }, workers: [], after: 'w5' },
      { fleet: { epoch: 3 }, workers: [{ worker: 'pool-0123', state: 'revoked', kind: 'shared', registeredAt: UNTIL, task: '0123' }] },
    ];
    expect(await listWorkers('Tom', {}, world())).toBe(true);
    expect(requests()).toEqual([{ list: {} }, { list: { after: 'w1' } }, { list: { after: 'w5' } }]);
    expect(printed).toEqual([
      'w1  active   own key     registered 2030-01-02T03:14:05Z, until 2030-01-02T04:14:05Z',
      'pool-0123  revoked  shared key  registered 2030-01-02T03:14:05Z  task 0123',
    ].map((line) => line.replace(/^(\S+)/, (id) => id.padEnd('pool-0123'.length))));
    expect(said).toEqual([]);
  });

  test('shows one that was revoked before it ever registered', async () => {
    aws.answers = [{ fleet: { epoch: 3 }, workers: [{ worker: 'w9', state: 'revoked', kind: 'own' }] }];
    await listWorkers('Tom', {}, world());
    expect(printed).toEqual(['w9  revoked  own key     never registered']);
  });

  test('says that nobody is let in, and that there is nobody', async () => {
    aws.answers = [{ fleet: { epoch: 4, closed: UNTIL }, workers: [] }];
    await listWorkers('Tom', {}, world());
    expect(said).toEqual(['Nobody is let in since 2030-01-02T03:14:05Z: workers open ends that.', 'There is no worker.']);
  });

  test('prints data with the phase and the fleet', async () => {
    aws.answers = [{ fleet: { epoch: 3 }, workers: [worker] }];
    await listWorkers('Tom', { json: true }, world());
    expect(JSON.parse(printed.join(''))).toEqual({ phase: 'per-worker-keys', fleet: { epoch: 3 }, workers: [worker] });
  });
});

describe('workers revoke', () => {
  const revoke = (worker: string | undefined, options: RevokeOptions = { yes: true }, more: Partial<WorkersWorld> = {}): Promise<boolean> => revokeWorkers('Tom', worker, options, world(more));
  beforeEach(() => { aws.answers = [{ epoch: 7 }]; });

  test('ends the leases of one and keeps it out, and never says that a password is unknown again', async () => {
    expect(await revoke('w1')).toBe(true);
    expect(requests()).toEqual([{ revoke: { worker: 'w1' } }]);
    expect(said).toHaveLength(1);
    expect(said[0]).toMatch(/^Revoked w1: its leases and its open join tokens have ended, and it is kept out until workers admit\. .*That does not un-know a password: change on the devices what was given out/);
  });

  test('says of a key that workers share that it opens for whoever has it', async () => {
    aws.tags.set('broker', new Map([['cdk-secure-core:broker', 'shared-key']]));
    await revoke('w1');
    expect(said[1]).toMatch(/may share a key: whoever holds it can sign as another worker.*rotate --leaked/);
  });

  test('ends the leases of all, and keeps everybody out where that is asked', async () => {
    await revoke(undefined, { all: true, yes: true });
    await revoke(undefined, { all: true, close: true, yes: true });
    expect(requests()).toEqual([{ revokeAll: { close: false } }, { revokeAll: { close: true } }]);
    expect(said[1]).toContain('no worker is let in until workers open');
  });

  test.each<[string, string | undefined, RevokeOptions, RegExp]>([
    ['nobody', undefined, {}, /Say whom to revoke/],
    ['one and all', 'w1', { all: true }, /Say whom to revoke/],
    ['one, and closes', 'w1', { close: true }, /--close is for all of them: add --all/],
    ['what is no id', 'a b', {}, /worker "a b": begin with/],
  ])('asks for nothing where it names %s', async (_, worker, options, message) => {
    await expect(revoke(worker, { ...options, yes: true })).rejects.toThrow(message);
    expect(aws.asked).toEqual([]);
  });

  test('asks a person first, and does nothing without the name of the stack', async () => {
    await expect(revoke('w1', {})).rejects.toThrow('There is no terminal to confirm at: add --yes.');
    await expect(revoke('w1', {}, { ask: () => Promise.resolve('Core') })).rejects.toThrow('Nothing was changed.');
    expect(aws.asked).toEqual([]);
    const questions: string[] = [];
    await revoke('w1', {}, { ask: (question) => { questions.push(question); return Promise.resolve('Tom'); } });
    expect(questions).toEqual(['This will revoke worker w1 in Tom. Type its name to go on:']);
    expect(requests()).toEqual([{ revoke: { worker: 'w1' } }]);
  });

  test('says so where no such worker has registered, since it may be a slip of the pen', async () => {
    aws.answers = [{ epoch: 7, wasUnknown: true }];
    expect(await revoke('w9')).toBe(true);
    expect(said[0]).toMatch(/^No worker w9 has registered here\. Is it spelled so\?/);
    expect(said[1]).toMatch(/^Revoked w9/);
  });
});

describe('workers admit and open', () => {
  beforeEach(() => { aws.answers = [{ epoch: 7 }]; });

  test('let one in again, and all', async () => {
    expect(await admitWorker('Tom', 'w1', { yes: true }, world())).toBe(true);
    expect(await openFleet('Tom', { yes: true }, world())).toBe(true);
    expect(requests()).toEqual([{ admit: { worker: 'w1' } }, { open: {} }]);
    expect(said[0]).toContain('it has to join anew');
    expect(said[1]).toContain('Leases from before stay ended.');
  });

  test('say so where no such worker is revoked', async () => {
    aws.answers = [{ error: 'no-such-worker' }];
    await expect(admitWorker('Tom', 'w9', { yes: true }, world())).rejects.toThrow('No such worker is revoked');
    expect(said).toEqual([]);
  });

  test('ask a person first', async () => {
    await expect(admitWorker('Tom', 'w1', {}, world())).rejects.toThrow('add --yes');
    await expect(openFleet('Tom', {}, world())).rejects.toThrow('add --yes');
    expect(aws.asked).toEqual([]);
  });
});

describe('Every action', () => {
  test('is one that the broker does, and its answer one that is understood', async () => {
    const { parts } = brokerWorld({ configuration: PHASE_3 });
    jest.spyOn(aws, 'ask').mockImplementation(async (_, request) => (await operate(JSON.parse(JSON.stringify(request)), parts)).answer);
    const yes = { yes: true };
    await invite('Tom', { worker: 'w-1', expires: '10m' }, world());
    await revokeWorkers('Tom', 'w-1', yes, world());
    await revokeWorkers('Tom', undefined, { ...yes, all: true, close: true }, world());
    await admitWorker('Tom', 'w-1', yes, world());
    await openFleet('Tom', yes, world());
    await listWorkers('Tom', {}, world());
    expect(printed).toEqual([expect.stringMatching(/^[\w-]{22}\.[\w-]{43}$/)]);
    await expect(invite('Tom', { worker: 'w-1', expires: '11m' }, world())).rejects.toThrow('--expires is longer than this broker lets an invitation last');
  });
});

describe('The command line', () => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'workers-'));
  let commandLine: CommandLine;
  beforeAll(() => { commandLine = new CommandLine(folder); });
  afterAll(() => { fs.rmSync(folder, { recursive: true, force: true }); });

  test.each<[string, string[], RegExp]>([
    ['without a worker to invite', ['invite', 'Tom'], /required option '--worker <id>'/],
    ['for longer than an hour', ['invite', 'Tom', '--worker', 'w1', '--expires', '61m'], /--expires 61m: name 1m to 60m/],
    ['for nobody to revoke', ['revoke', 'Tom', '--yes'], /Say whom to revoke/],
    ['at what is no endpoint', ['list', 'Tom', '--endpoint-url', 'nowhere'], /--endpoint-url nowhere: give a URL/],
    ['without a region', ['list', 'Tom'], /Region is missing: name it with --region/],
  ])('ends with 2 %s', (_, args, message) => {
    const { code, out, err } = commandLine.run('workers', ...args);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toMatch(message);
  });
});
