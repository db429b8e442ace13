import { type Due, sweep } from '../../../src/runtime/broker/sweep';
import { NOW } from './world';

const due = (credential: string, job: string, at: number): Due => ({ credential, job, at });

interface Swept {
  readonly rotated: readonly string[];
  readonly left: readonly Due[];
  readonly lines: readonly object[];
  readonly failure?: string;
}

/** @param leases by job: when they end */
async function swept(dues: readonly Due[], leases: Readonly<Record<string, number>> = {}, failing?: string): Promise<Swept> {
  let left = [...dues];
  const [rotated, lines]: [string[], object[]] = [[], []];
  const run = sweep({
    dues: {
      all: () => Promise.resolve([...left]),
      leaseEnd: ({ job }) => Promise.resolve(leases[job]),
      put: (put) => Promise.resolve(void left.push(put)),
      remove: ({ at, job, credential }) => {
        left = left.filter((other) => other.at !== at || other.job !== job || other.credential !== credential);
        return Promise.resolve();
      },
    },
    secrets: new Map([['router', 'arn-router'], ['switch', 'arn-switch']]),
    rotate: (secret) => {
      if (secret === failing) return Promise.reject(new Error('canary'));
      rotated.push(secret);
      return Promise.resolve();
    },
    log: (line) => lines.push(line),
    clock: () => NOW * 1000,
  });
  const failure = await run.then(() => undefined, (error: unknown) => String(error));
  return { rotated, left, lines, failure };
}

test('a credential is rotated once when its lease is over, however often it was taken', async () => {
  const lines = [{ event: 'broker-sweep', credential: 'router', outcome: 'rotating' }];
  expect(await swept([due('router', 'a', NOW - 5), due('router', 'b', NOW)])).toEqual({ rotated: ['arn-router'], left: [], lines, failure: undefined });
});

test('not while another lease of it lasts, and then', async () => {
  const both = [due('router', 'a', NOW - 5), due('router', 'b', NOW + 5)];
  expect(await swept(both)).toMatchObject({ rotated: [], left: both });
});

test('not while it has been renewed: then it is looked at when that ends', async () => {
  const one = due('router', 'a', NOW - 5);
  expect(await swept([one, due('router', 'b', NOW - 9)], { a: NOW + 50 })).toMatchObject({ rotated: [], left: [due('router', 'b', NOW - 9), { ...one, at: NOW + 50 }] });
  expect(await swept([one], { a: NOW })).toMatchObject({ rotated: ['arn-router'], left: [] });
});

test('one that is configured no more is forgotten', async () => {
  expect(await swept([due('gone', 'a', NOW)])).toMatchObject({ rotated: [], left: [], lines: [{ credential: 'gone', outcome: 'forgotten' }] });
});

test('one that fails keeps no other from being rotated, is tried again, and is told without its words', async () => {
  const result = await swept([due('router', 'a', NOW), due('switch', 'a', NOW)], {}, 'arn-router');
  expect(result).toMatchObject({ rotated: ['arn-switch'], left: [due('router', 'a', NOW)], failure: expect.stringContaining('1 of 2 credentials could not be rotated') as string });
  expect(JSON.stringify(result)).not.toContain('canary');
});
