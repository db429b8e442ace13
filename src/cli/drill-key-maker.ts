import { randomBytes } from 'node:crypto';
import type { MakeKey } from '../drill/gate/table';
import { TABLE_TAG } from '../gate/contract';
import { NO_COLORS } from './colors';
import { createKey } from './keys/create';
import { RealKeysAws } from './keys/real-aws';
import { UsageError } from './usage-error';

const STACK = 'drill';

/**
 * Makes an API key as `cdk-secure-core keys create` does, in the emulator: by the same code that draws it, keeps its digest and prints it. How the command
 * finds the table in a stack is no part of it: tables of weakened templates are in none.
 */
export const makeKey: MakeKey = async ({ endpoint, region, name }, { prefix, scopes }) => {
  // Fixed, so that the SDK looks for none of the user's.
  const real = new RealKeysAws({ region, endpoint, credentials: { accessKeyId: 'test', secretAccessKey: 'test' } });
  const printed: string[] = [];
  await createKey(STACK, { owner: 'drill', scope: scopes, expires: '1h', prefix }, {
    aws: {
      resourcesOf: () => Promise.resolve([{ type: 'AWS::DynamoDB::Table', path: `${STACK}/Table`, physicalId: name }]),
      tagsOfTable: () => Promise.resolve(new Map([[TABLE_TAG, '']])),
      taskOf: () => Promise.resolve(undefined),
      auditKey: (reference) => Promise.reject(new UsageError(`${reference} is no part of a drill.`)),
      caller: () => real.caller(),
      keys: (table) => real.keys(table),
      find: (table, digest) => real.find(table, digest),
      add: (table, key) => real.add(table, key),
      revoke: (table, revocation) => real.revoke(table, revocation),
    },
    now: () => new Date(),
    random: randomBytes,
    read: (file) => {
      throw new UsageError(`${file} is no part of a drill.`);
    },
    paint: NO_COLORS,
    print: (line) => printed.push(line),
    say: () => undefined,
  });
  const [key] = printed;
  if (key === undefined) throw new Error('The command has printed no key.');
  return key;
};
