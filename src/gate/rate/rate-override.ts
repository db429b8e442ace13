import { Token } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import { invalidProp } from '../../invalid-prop';
import { checkRoleName } from '../scope-names';
import type { PlanOverride } from './contract';
import { laidOver, planOf, type RateLimits } from './rate-limits';

/** Whom a key can be made for. */
const OWNER = /^[\x20-\x7e]{1,255}$/;

/** Callers whom a plan treats otherwise than the rest. What the override does not say is as in the plan; its budgets are still each caller's own. */
export class RateOverride {
  /** Callers with an API key of this owner: what `keys create --owner` was told. */
  public static forKeyOwner(owner: string, limits: RateLimits): RateOverride {
    return new RateOverride('key', owner, limits);
  }

  /** Callers whose token names this role, in the claim that the authorizer's `rolesClaim` says. */
  public static forRole(role: string, limits: RateLimits): RateOverride {
    return new RateOverride('role', role, limits);
  }

  private constructor(
    /**
     * What it knows callers by.
     *
     * @internal
     */
    public readonly _by: PlanOverride['by'],
    private readonly named: string,
    private readonly limits: RateLimits,
  ) {}

  /**
   * As people would say it.
   *
   * @internal
   */
  public get _name(): string {
    return `${this._by === 'key' ? 'key owner' : 'role'} ${this.named}`;
  }

  /**
   * As the gate is told.
   *
   * @internal
   */
  public _serialize(scope: IConstruct, prop: string, plan: RateLimits): PlanOverride {
    if (this._by === 'role') checkRoleName(scope, `${prop}.role`, this.named);
    else if (Token.isUnresolved(this.named) || !OWNER.test(this.named)) {
      throw invalidProp(scope, `${prop}.keyOwner`, this.named, 'Write out the owner that the keys were made for: 1 to 255 printable ASCII characters.');
    }
    return { by: this._by, name: this.named, plan: planOf(scope, `${prop} (${this._name})`, laidOver(this.limits, plan)) };
  }
}
