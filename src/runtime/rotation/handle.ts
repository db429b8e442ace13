import type { RetireAnswer, RetireRequest, RotationConfiguration } from '../../secrets/contract';
import { type Log, RotationError, type SecretStrategy, type SecretVersions, type Stages } from './ports';

/** What Secrets Manager sends (user guide, "Rotation by Lambda function"); the token is the id of the version that becomes current. */
export interface RotationEvent {
  readonly Step: string;
  readonly SecretId: string;
  readonly ClientRequestToken: string;
}

export interface RotationParts {
  readonly configuration: Pick<RotationConfiguration, 'secretArn' | 'isRolledOut'>;
  readonly versions: SecretVersions;
  readonly strategy: SecretStrategy;
  readonly log: Log;
  /** Of a version: 32 to 64 characters, never the same twice. */
  readonly randomId: () => string;
}

export interface Rotation {
  rotate(event: RotationEvent): Promise<void>;
  retire(request: RetireRequest): Promise<RetireAnswer>;
  ensure(): Promise<void>;
}

/** One rotation, as a step of it sees it. */
interface Turn extends Pick<RotationParts, 'versions' | 'strategy'> {
  readonly token: string;
  readonly current: string;
}

const TEST = 'testSecret';

const STEPS: ReadonlyMap<string, (turn: Turn) => Promise<void>> = new Map([
  ['createSecret', create],
  ['setSecret', set],
  [TEST, test],
  ['finishSecret', finish],
]);

/**
 * Rotates one secret. Everything may be called again after it did half of its work, or all of it, and while it is still being done elsewhere:
 * Secrets Manager repeats a step that it got no answer from. What is true is read from the labels each time; nothing is remembered.
 */
export function createRotation(parts: RotationParts): Rotation {
  const { configuration, versions, strategy, log, randomId } = parts;
  const { secretArn, isRolledOut } = configuration;

  /** Where somebody replaces the tasks that hold it, an old value is dropped by nothing but retiring it. */
  const refuseUnsettled = ({ previous }: Stages): void => {
    if (!isRolledOut || previous === undefined) return;
    const why = `The value before the current one (version ${previous}) is not retired yet, because tasks that hold it may still run.`;
    throw new RotationError('UNSETTLED', `${why} Secrets Manager tries again; if it stays so, look at the log of the roll-out function and at the services' deployments.`);
  };

  return {
    rotate: async ({ Step, SecretId, ClientRequestToken: token }) => {
      refuseOthers(SecretId, secretArn);
      const step = STEPS.get(Step);
      if (!step) throw new RotationError('UNKNOWN_STEP', `The event asks for none of the steps ${[...STEPS.keys()].join(', ')}.`);
      const stages = await versions.stages();
      if (!stages.isRotated) throw new RotationError('NOT_ROTATED', `Rotation is not turned on for ${secretArn}.`);
      if (stages.current === token) {
        log({ event: 'rotation-step-done-before', step: Step, versionId: token });
        return;
      }
      // Secrets Manager labels an empty version before it calls (API DescribeSecret, VersionIdsToStages). Any other token is of a rotation that was given up: its value is never promoted.
      if (stages.pending !== token) throw new RotationError('NOT_PENDING', 'The version that the event names is not the one labelled AWSPENDING: its rotation was given up or has long ended.');
      // A test changes nothing, and is asked for whenever a schedule is made or changed, which must not fail because a rotation is being rolled out.
      if (Step !== TEST) refuseUnsettled(stages);
      await step({ versions, strategy, token, current: currentOf(stages, secretArn) });
      log({ event: 'rotation-step-done', step: Step, versionId: token });
    },

    retire: async ({ retire: { secretArn: asked, versionId } }) => {
      refuseOthers(asked, secretArn);
      const stages = await versions.stages();
      const { previous } = stages;
      if (previous === undefined) return { outcome: 'nothing' };
      const current = currentOf(stages, secretArn);
      if (versionId !== undefined && versionId !== current) return { outcome: 'held' };
      const retirement = await strategy.retire({ current: await valueOf(versions, current), previous: await valueOf(versions, previous) });
      if (retirement.outcome !== 'held') {
        await refuseOvertaken(versions, stages, ['current', 'previous']);
        if (retirement.outcome === 'replaced') await replace(versions, randomId(), retirement.current);
        else await forget(versions, previous);
      }
      log({ event: 'rotation-retire', outcome: retirement.outcome, versionId: previous });
      return { outcome: retirement.outcome };
    },

    ensure: async () => {
      const stages = await versions.stages();
      const current = await valueOf(versions, currentOf(stages, secretArn));
      const value = await strategy.ensure(current);
      const isPut = value !== undefined && value !== current;
      if (isPut) {
        refuseUnsettled(stages);
        await refuseOvertaken(versions, stages, ['current', 'previous']);
        await replace(versions, randomId(), value);
        if (!stages.isRotated && stages.previous === undefined) await forgetFirst(versions, currentOf(stages, secretArn));
      }
      log({ event: 'rotation-ensured', isPut });
    },
  };
}

async function create({ versions, strategy, token, current }: Turn): Promise<void> {
  if (await versions.read(token) !== undefined) return;
  const value = await strategy.create(await valueOf(versions, current));
  await unlessDone(versions.putPending(token, value), async () => await versions.read(token) !== undefined);
}

async function set({ versions, strategy, token, current }: Turn): Promise<void> {
  await strategy.set({ current: await valueOf(versions, current), pending: await valueOf(versions, token) });
  await refuseOvertaken(versions, { current, pending: token }, ['current', 'pending']);
}

/**
 * Where a schedule is made that does not rotate at once, Secrets Manager calls this step alone, with a version that it makes and takes away again
 * (API, RotateSecret, RotateImmediately). Whether that one holds a value is said nowhere: one that holds none is a trial, and the current value is tried.
 */
async function test({ versions, strategy, token, current }: Turn): Promise<void> {
  const pending = await versions.read(token);
  await strategy.test(pending === undefined || pending === '' ? await valueOf(versions, current) : pending);
}

/** Tests once more: whatever came between the steps, nothing becomes current that is not let in at this moment. */
async function finish(turn: Turn): Promise<void> {
  const { versions, strategy, token, current } = turn;
  const pending = await valueOf(versions, token);
  if (pending === await valueOf(versions, current)) throw new RotationError('NOT_NEW', 'The pending value is the current one: it would rotate nothing.');
  await strategy.test(pending);
  await unlessDone(versions.makeCurrent(token, current), async () => (await versions.stages()).current === token);
}

async function replace(versions: SecretVersions, id: string, value: string | undefined): Promise<void> {
  if (value === undefined) throw new RotationError('NO_REPLACEMENT', 'The strategy replaces the current value and names no other one.');
  await unlessDone(versions.putCurrent(id, value), async () => (await versions.stages()).current === id);
}

async function forget(versions: SecretVersions, previous: string): Promise<void> {
  await unlessDone(versions.forgetPrevious(previous), async () => (await versions.stages()).previous !== previous);
}

/**
 * What a template generated, before anybody waits for it: whoever is told the secret is deployed after this, and a schedule is made after it as well. Were the
 * label left on it, every service would be taken for one that holds an old value. It stays where taking it off fails: the roll-out then sees to it.
 */
async function forgetFirst(versions: SecretVersions, first: string): Promise<void> {
  if ((await versions.stages()).previous === first) await forget(versions, first);
}

/** A call that fails may have happened, be it here or in another invocation; then there is nothing to complain about. */
async function unlessDone(call: Promise<void>, isDone: () => Promise<boolean>): Promise<void> {
  try {
    await call;
  } catch (error) {
    if (!await isDone()) throw error;
  }
}

/** An invocation that was taken for dead must not go on from what it read long ago. */
async function refuseOvertaken(versions: SecretVersions, before: Stages, labels: readonly (keyof Stages)[]): Promise<void> {
  const now = await versions.stages();
  if (labels.some((label) => now[label] !== before[label])) throw new RotationError('OVERTAKEN', 'Somebody else has moved the labels of the secret meanwhile; this invocation stops.');
}

function refuseOthers(asked: string, secretArn: string): void {
  if (asked !== secretArn) throw new RotationError('WRONG_SECRET', `The event is about another secret than ${secretArn}, which is all that this function rotates.`);
}

function currentOf({ current }: Stages, secretArn: string): string {
  if (current === undefined) throw new RotationError('NO_CURRENT', `No version of ${secretArn} is labelled AWSCURRENT: put a value into it.`);
  return current;
}

async function valueOf(versions: SecretVersions, versionId: string): Promise<string> {
  const value = await versions.read(versionId);
  if (value === undefined || value === '') throw new RotationError('NO_VALUE', `Version ${versionId} of the secret holds no text.`);
  return value;
}
