import type { IConstruct } from 'constructs';
import { checkEndUserClaim } from '../../authorizer/token-identity';
import { invalidProp } from '../../invalid-prop';
import type { PlanConfiguration, RateConfiguration } from './contract';
import { planOf, type RateLimits, widest } from './rate-limits';
import type { RateOverride } from './rate-override';
import { RedisLoss } from './redis-loss';

/** What every caller may use, and who counts as one. */
export interface RatePlanProps extends RateLimits {
  /**
   * The claim of a token that names the person for whom its bearer asks, such as `act_sub`; the person's own share of the bearer is then what is limited (M-59).
   *
   * It has to be one that only the issuer writes. Tokens without it spend the bearer's own budget. Without tokens it would do nothing, and is refused.
   *
   * @default - all of a caller's requests spend one budget
   */
  readonly endUserClaim?: string;

  /**
   * Callers who may use more, or less. The first that names a caller holds.
   *
   * @default - none
   */
  readonly overrides?: RateOverride[];

  /**
   * What happens while Redis cannot be reached (RTL-6).
   *
   * @default RedisLoss.refuse()
   */
  readonly onRedisLost?: RedisLoss;
}

/** What can be known of callers, so that a plan that could never hold is refused. */
export interface KnownOfCallers {
  readonly takesTokens: boolean;
  readonly takesKeys: boolean;
  readonly namesRoles: boolean;
}

const PROP = 'gate.ratePlan';

/** How much each caller may use; all gates of a service keep one account of it, in Redis (RTL-2 to RTL-6). There is none without limits. */
export class RatePlan {
  /** The same for every caller, unless an override names him: by default 10 requests a second, 20 at once, 600 a minute; 60 heavy ones a minute, 10 at once; 5 streams. */
  public static perCaller(props: RatePlanProps = {}): RatePlan {
    return new RatePlan(props);
  }

  private constructor(private readonly props: RatePlanProps) {}

  /**
   * What every token has to be asked for.
   *
   * @internal
   */
  public get _endUserClaim(): string | undefined {
    return this.props.endUserClaim;
  }

  /**
   * What a caller may use at most, whoever he is: for a Core that counts as well, and by whose count nobody may have less than the gate grants him.
   *
   * @internal
   */
  public _figures(scope: IConstruct): PlanConfiguration {
    const { overrides = [] } = this.props;
    const limits = limitsOf(this.props);
    return widest([planOf(scope, PROP, limits), ...overrides.map((override) => override._serialize(scope, `${PROP}.overrides`, limits).plan)]);
  }

  /**
   * As the gate is told.
   *
   * @param maxTasks how many gates run at most
   * @internal
   */
  public _serialize(scope: IConstruct, { takesTokens, takesKeys, namesRoles }: KnownOfCallers, maxTasks: number): Omit<RateConfiguration, 'redis'> {
    const { endUserClaim, overrides = [], onRedisLost = RedisLoss.refuse() } = this.props;
    const plan = planOf(scope, PROP, limitsOf(this.props));
    if (endUserClaim !== undefined) {
      if (!takesTokens) throw invalidProp(scope, `${PROP}.endUserClaim`, endUserClaim, 'Only tokens have claims, and no listener takes any: accept tokens, or take the claim out.');
      checkEndUserClaim(scope, `${PROP}.endUserClaim`, endUserClaim);
    }
    const prop = `${PROP}.overrides`;
    for (const [index, { _by: by, _name: name }] of overrides.entries()) {
      if (by === 'key' && !takesKeys) throw invalidProp(scope, prop, name, 'Nobody shows a key: add GateProof.apiKeys(), or take the override out.');
      if (by === 'role' && !namesRoles) throw invalidProp(scope, prop, name, 'No token names roles: say in the authorizer\'s rolesClaim which claim does, or take the override out.');
      if (overrides.slice(0, index).some((other) => other._name === name)) throw invalidProp(scope, prop, name, 'It is there twice, and only the first would hold: name each once.');
    }
    return {
      onRedisLost: onRedisLost._serialize(scope, `${PROP}.onRedisLost`, maxTasks),
      plan,
      overrides: overrides.map((override) => override._serialize(scope, prop, limitsOf(this.props))),
    };
  }
}

function limitsOf({ perSecond, burst, window, heavyPerMinute, heavyBurst, streams }: RateLimits): RateLimits {
  return { perSecond, burst, window, heavyPerMinute, heavyBurst, streams };
}
