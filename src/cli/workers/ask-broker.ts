import { z } from 'zod';
import type { EpochAnswer, InviteAnswer, ListAnswer, ListedWorker, ManagementRefusal, ManagementRequest } from '../../broker/operations/contract';
import { UsageError } from '../usage-error';
import type { DeployedBroker, WorkersAws } from './aws';

const LISTED: z.ZodType<ListedWorker> = z.object({
  worker: z.string(),
  state: z.enum(['active', 'revoked', 'over']),
  kind: z.enum(['shared', 'own']),
  registeredAt: z.number().optional(),
  expiresAt: z.number().optional(),
  task: z.string().optional(),
});

/** What is answered where something was done. */
export const ANSWERS = {
  invite: z.object({ token: z.string(), worker: z.string(), until: z.number(), url: z.string() }) satisfies z.ZodType<InviteAnswer>,
  epoch: z.object({ epoch: z.number(), wasUnknown: z.literal(true).optional() }) satisfies z.ZodType<EpochAnswer>,
  list: z.object({ fleet: z.object({ epoch: z.number(), closed: z.number().optional() }), workers: z.array(LISTED), after: z.string().optional() }) satisfies z.ZodType<ListAnswer>,
};

/** What a person can do about a refusal. */
const REFUSALS: Readonly<Record<ManagementRefusal['error'], string>> = {
  'malformed': 'The broker does not understand what it was asked: use the version of cdk-secure-core that deployed it.',
  'no-such-worker': 'No such worker is revoked: workers list shows those that are.',
  'not-in-this-phase': 'This broker takes no join tokens: its workers share a key, or join as their tasks. Add WorkerJoin.token() to the joins of its phase.',
  'life-too-long': '--expires is longer than this broker lets an invitation last (WorkerJoin.token): name a shorter period.',
  'unavailable': 'The broker could not reach its table or its keys: try again, and look at the alarm BrokerStores. Whether it did what was asked, workers list shows.',
};
const REFUSAL = z.object({ error: z.string() });

/** Has the broker do something. Throws a UsageError where it refuses. */
export async function askBroker<T>(aws: WorkersAws, { arn }: DeployedBroker, request: ManagementRequest, answer: z.ZodType<T>): Promise<T> {
  const said = await aws.ask(arn, request);
  const refusal = REFUSAL.safeParse(said);
  if (refusal.success) throw new UsageError(explained(refusal.data.error));
  const read = answer.safeParse(said);
  // Not in its own words: an answer may hold a token.
  if (!read.success) throw new UsageError('The broker answered in a way that this version does not know: use the version of cdk-secure-core that deployed it.');
  return read.data;
}

const explained = (error: string): string => Object.entries(REFUSALS).find(([name]) => name === error)?.[1] ?? `The broker refused: ${error.slice(0, 64)}.`;
