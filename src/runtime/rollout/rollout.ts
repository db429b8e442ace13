import type { RolledSecret, RolledService, RolloutConfiguration } from '../../secrets/contract';
import { faultOf } from '../rotation/log';
import { type Log, RotationError } from '../rotation/ports';
import type { Wait } from '../shared/wait';
import type { Retiring, RolledSecrets, RolledServices, SecretState } from './ports';
import { SKEW_MS, type Verdict, verdictOn } from './verdict';

export interface RolloutParts {
  readonly configuration: RolloutConfiguration;
  readonly secrets: RolledSecrets;
  readonly services: RolledServices;
  readonly rotation: Retiring;
  readonly log: Log;
  /** In milliseconds since 1970. */
  readonly clock: () => number;
  readonly wait: Wait;
}

export interface Rollout {
  /** Looks at everything and does what comes next. Whatever called it says nothing about what that is. */
  look(): Promise<void>;
}

/** A secret whose old value somebody may still hold. */
interface Unsettled extends SecretState {
  readonly secret: RolledSecret;
}

/** After an hour somebody should look: a deployment of ECS that goes well takes minutes. Our figure. */
export const STUCK_MS = 3_600_000;

/**
 * Replaces the tasks that hold an old value, and has it retired when none of them is left.
 *
 * Nothing is remembered between two looks: a function that dies, or two that run at once, cost a deployment at worst. What cannot be done now is
 * done after the next event. One secret, or one service, that makes trouble does not stop the others; at the end the function fails, so that its alarm tells.
 */
export function createRollout(parts: RolloutParts): Rollout {
  return { look: () => new Look(parts).run() };
}

class Look {
  private readonly stuck = new Set<string>();
  private failures = 0;

  public constructor(private readonly parts: RolloutParts) {}

  public async run(): Promise<void> {
    const unsettled = await this.unsettled();
    await this.untilTold(unsettled);
    const verdicts = await this.verdicts(unsettled);
    await Promise.all([...[...verdicts].map(([service, found]) => this.roll(service, found)), ...unsettled.map((one) => this.retire(one, verdicts))]);
    const what = [this.failures > 0 ? `${this.failures} calls failed` : '', this.stuck.size > 0 ? `${this.stuck.size} roll-outs are stuck` : ''].filter((said) => said !== '');
    if (what.length > 0) throw new RotationError('UNFINISHED', `${what.join(', and ')}; the log says which.`);
  }

  private async unsettled(): Promise<readonly Unsettled[]> {
    const { configuration, secrets } = this.parts;
    const found = await Promise.all(configuration.secrets.map(async (secret) => {
      const state = await this.unlessFailed({ secret: secret.secretArn }, () => secrets.describe(secret.secretArn));
      return state?.previous === undefined ? [] : [{ secret, ...state }];
    }));
    return found.flat();
  }

  /** A task that started at once could be told the old value, and would have to be replaced a second time. */
  private async untilTold(unsettled: readonly Unsettled[]): Promise<void> {
    const left = Math.max(0, ...unsettled.map(({ changedAt }) => changedAt + SKEW_MS + 1 - this.parts.clock()));
    if (left > 0) await this.parts.wait(Math.min(left, SKEW_MS + 1));
  }

  /** What each service stands at for each secret that it uses; no verdict where it could not be looked at. A service of several secrets is looked at once. */
  private async verdicts(unsettled: readonly Unsettled[]): Promise<ReadonlyMap<RolledService, ReadonlyMap<Unsettled, Verdict>>> {
    const services = new Map(unsettled.flatMap(({ secret }) => secret.services.map((service) => [service.serviceArn, service] as const)));
    const found = await Promise.all([...services.values()].map(async (service) => {
      const state = await this.unlessFailed({ service: service.serviceArn }, async () => ({ of: await this.parts.services.describe(service) }));
      const users = unsettled.filter(({ secret }) => uses(secret, service));
      return [service, new Map(state ? users.map((one) => [one, verdictOn(state.of, one.changedAt)] as const) : [])] as const;
    }));
    return new Map(found);
  }

  private async roll(service: RolledService, verdicts: ReadonlyMap<Unsettled, Verdict>): Promise<void> {
    const needing = [...verdicts].filter(([, { next }]) => next === 'roll');
    if (needing.length === 0) return;
    for (const [{ secret }, { hasFailed }] of needing) if (hasFailed) this.tellStuck(secret, { service: service.serviceArn, reason: 'deployment-failed' });
    await this.unlessFailed({ service: service.serviceArn }, async () => {
      await this.parts.services.roll(service);
      this.parts.log({ event: 'rollout-deployment', service: service.serviceArn, secrets: needing.map(([{ secret }]) => secret.secretArn) });
    });
  }

  private async retire(one: Unsettled, verdicts: ReadonlyMap<RolledService, ReadonlyMap<Unsettled, Verdict>>): Promise<void> {
    const { secret, current, changedAt } = one;
    const own = [...verdicts].filter(([service]) => uses(secret, service));
    const isClear = own.every(([, found]) => found.get(one)?.next === 'clear');
    const outcome = isClear ? await this.unlessFailed({ secret: secret.secretArn }, () => this.parts.rotation.retire(secret, current)) : undefined;
    this.parts.log({ event: 'rollout', secret: secret.secretArn, outcome: outcome ?? (isClear ? 'failed' : 'waiting') });
    // One that was replaced has just begun anew.
    if ((outcome === undefined || outcome === 'held') && this.parts.clock() - changedAt > STUCK_MS) this.tellStuck(secret, { reason: 'too-long' });
  }

  private tellStuck({ secretArn }: RolledSecret, why: Readonly<Record<string, string>>): void {
    this.stuck.add(secretArn);
    this.parts.log({ event: 'rollout-stuck', secret: secretArn, ...why });
  }

  private async unlessFailed<T>(about: Readonly<Record<string, string>>, ask: () => Promise<T>): Promise<T | undefined> {
    try {
      return await ask();
    } catch (error) {
      this.failures += 1;
      this.parts.log({ event: 'rollout-failed', ...about, ...faultOf(error) });
      return undefined;
    }
  }
}

function uses({ services }: RolledSecret, { serviceArn }: RolledService): boolean {
  return services.some((service) => service.serviceArn === serviceArn);
}
