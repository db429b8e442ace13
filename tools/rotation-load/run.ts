import { randomUUID } from 'node:crypto';
import { setTimeout as after } from 'node:timers/promises';
import type { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { createRollout, type Rollout } from '../../src/runtime/rollout/rollout';
import { AwsSecrets } from '../../src/runtime/rollout/aws-secrets';
import { AwsSecretVersions } from '../../src/runtime/rotation/aws-secret-versions';
import { createRotation, type Rotation } from '../../src/runtime/rotation/handle';
import { jsonLog } from '../../src/runtime/rotation/log';
import { RotationError } from '../../src/runtime/rotation/ports';
import { EmulatedSecret } from '../../test/support/emulated-secrets';
import type { LoadKind, OpenKind } from './kind';
import { Load } from './load';
import { SimulatedService } from './service';

export interface RunParts {
  readonly secrets: SecretsManagerClient;
  readonly rotations: number;
  /** Requests a second that are aimed at. */
  readonly rate: number;
  /**
   * Whether rotations wait for each other as they do where `isRolledOut` is true. Without it one follows the other at once: it must be seen to
   * break something, or the run proves nothing.
   *
   * @default true
   */
  readonly isGated?: boolean;
}

/** What came of rotating one secret under load. */
export interface Outcome {
  readonly name: string;
  readonly rotations: number;
  readonly requests: number;
  readonly failed: number;
  readonly failures: readonly string[];
  /** Requests a second, on the average. */
  readonly rate: number;
  readonly longestMs: number;
  /** With how many values of the secret somebody was served. */
  readonly values: number;
  /** How often a rotation that came too early was refused. */
  readonly refused: number;
  /** Old values that are let in after they were retired; 0 is right. */
  readonly letIn: number;
  /** Values, or parts of them, that stand in a log or in the words of a failure; 0 is right. */
  readonly leaked: number;
}

const STEPS = ['createSecret', 'setSecret', 'testSecret', 'finishSecret'] as const;
/** Even, so that half of the tasks connect for each request. */
const DESIRED = 4;
/** So that each task has met each task of the other service after each step, and more than once. */
const ASKED_BETWEEN_STEPS = 2 * DESIRED * DESIRED;
const ROTATION_FUNCTION = 'arn:aws:lambda:eu-central-1:111122223333:function:rotation';
/** Between two looks, where in AWS an event would come. */
const LOOK_MS = 20;
/** A secret that has not settled by then never does. */
const PATIENCE_LOOKS = 3000;
/** A ring's values are fields, a login's too; what is shorter is no secret. */
const SECRET_LENGTH = 20;

/** Rotates a secret of this kind under load, again and again, each time until it has settled. */
export async function rotateUnderLoad(open: OpenKind, parts: RunParts): Promise<Outcome> {
  const lines: string[] = [];
  const log = jsonLog((line) => void lines.push(line));
  let secret: EmulatedSecret | undefined;
  const kind = await open({ log, read: async () => await secret?.current() ?? '' });
  try {
    secret = await EmulatedSecret.create(parts.secrets, kind.first);
    return await new Run(kind, parts, secret, lines).outcome();
  } finally {
    await kind.stop();
  }
}

class Run {
  private readonly rotation: Rotation;
  private readonly rollout: Rollout;
  private readonly services: readonly SimulatedService[];
  private readonly canaries = new Set<string>();
  private readonly load: Load;
  /** How far the time of this run is ahead: nobody waits in earnest for what AWS is given half a minute for. */
  private ahead = 0;
  private changedAt = 0;
  private refused = 0;
  private letIn = 0;

  public constructor(private readonly kind: LoadKind, private readonly parts: RunParts, private readonly secret: EmulatedSecret, private readonly lines: string[]) {
    const log = jsonLog((line) => void lines.push(line));
    const secretArn = secret.arn;
    this.rotation = createRotation({
      configuration: { secretArn, isRolledOut: parts.isGated ?? true }, versions: this.versions(), strategy: kind.strategy, log, randomId: randomUUID,
    });
    this.services = kind.services.map((service) => new SimulatedService({ service, desired: DESIRED, read: () => this.current(), clock: this.clock }));
    this.load = new Load(this.services, parts.rate);
    const described = new AwsSecrets(parts.secrets);
    this.rollout = createRollout({
      configuration: { secrets: [{ secretArn, rotationFunctionArn: ROTATION_FUNCTION, services: this.services.map(({ name }) => ({ clusterArn: 'cluster', serviceArn: name })) }] },
      // The emulator tells whole seconds of a time that is not this run's.
      secrets: { describe: async (arn) => ({ ...await described.describe(arn), changedAt: this.changedAt }) },
      services: { describe: ({ serviceArn }) => Promise.resolve(this.service(serviceArn)?.state), roll: ({ serviceArn }) => Promise.resolve(this.service(serviceArn)?.roll()) },
      rotation: { retire: async (_, versionId) => (await this.rotation.retire({ retire: { secretArn, versionId } })).outcome },
      log,
      clock: this.clock,
      wait: (milliseconds) => {
        this.ahead += milliseconds;
        return Promise.resolve();
      },
    });
  }

  public async outcome(): Promise<Outcome> {
    await this.rotation.ensure();
    await this.settle();
    for (const service of this.services) service.roll();
    await this.quiet();
    this.load.start();
    let token: string = randomUUID();
    try {
      for (let count = 0; count < this.parts.rotations; count += 1) token = await this.rotate(token);
    } finally {
      this.load.stop();
      for (const service of [...this.services].reverse()) await service.stop();
    }
    const { requests, failed, failures, mean, longestMs, served } = this.load;
    const written = [...this.lines, ...failures, this.kind.log()].join('\n');
    return {
      name: this.kind.name, rotations: this.parts.rotations, requests, failed, failures, rate: mean, longestMs, values: served.size,
      refused: this.refused, letIn: this.letIn, leaked: [...this.canaries].filter((canary) => written.includes(canary)).length,
    };
  }

  /** @returns the token of the next one, which was begun too early */
  private async rotate(token: string): Promise<string> {
    const old = await this.current();
    await this.secret.begin(token);
    for (const step of STEPS) {
      await this.step(step, token);
      // Tasks also end and start while nobody rolls anything out.
      await Promise.all(this.services.map((service) => service.replaceNewest()));
      await this.load.more(ASKED_BETWEEN_STEPS);
    }
    const next = randomUUID();
    if (this.parts.isGated === false) return next;
    await this.secret.begin(next);
    await this.step('createSecret', next).then(() => undefined, (error: unknown) => {
      if (!(error instanceof RotationError) || error.code !== 'UNSETTLED') throw error;
      this.refused += 1;
    });
    await this.settle();
    if (await this.kind.isLetIn(old)) this.letIn += 1;
    return next;
  }

  private async settle(): Promise<void> {
    for (let looks = 0; looks < PATIENCE_LOOKS; looks += 1) {
      await this.rollout.look();
      if (await this.secret.isSettled()) {
        await this.quiet();
        return;
      }
      await after(LOOK_MS);
    }
    throw new Error(`The secret of ${this.kind.name} does not settle.`);
  }

  private async quiet(): Promise<void> {
    for (const service of this.services) await service.quiet();
  }

  private step(Step: typeof STEPS[number], ClientRequestToken: string): Promise<void> {
    return this.rotation.rotate({ Step, SecretId: this.secret.arn, ClientRequestToken });
  }

  /** As ECS reads it. */
  private async current(): Promise<string> {
    const value = await this.secret.current();
    for (const canary of partsOf(value)) this.canaries.add(canary);
    return value;
  }

  private readonly clock = (): number => Date.now() + this.ahead;

  private service(name: string): SimulatedService | undefined {
    return this.services.find((service) => service.name === name);
  }

  /** The emulated secret, that tells in this run's time when it was changed. */
  private versions(): AwsSecretVersions {
    const changed = (): void => {
      this.changedAt = this.clock();
    };
    const { secrets } = this.parts;
    return new class extends AwsSecretVersions {
      public override async makeCurrent(versionId: string, from: string): Promise<void> {
        await super.makeCurrent(versionId, from);
        changed();
      }

      public override async putCurrent(versionId: string, value: string): Promise<void> {
        await super.putCurrent(versionId, value);
        changed();
      }
    }(secrets, this.secret.arn);
  }
}

/** The secrets within a value, which is one itself or an object of them. */
function partsOf(value: string): string[] {
  if (!value.startsWith('{')) return [value];
  const fields = JSON.parse(value) as Readonly<Record<string, unknown>>;
  return Object.entries(fields).flatMap(([name, field]) => (typeof field === 'string' && field.length >= SECRET_LENGTH && name !== 'username' ? [field] : []));
}
