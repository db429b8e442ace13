import type * as lambda from 'aws-cdk-lib/aws-lambda';
import type { IConstruct } from 'constructs';
import { checkKind, having } from '../check-kinds';

const ROTATION = having('functionArn', 'Name the function that changes it on the device, or AfterCheckout.keep().');

/**
 * What becomes of a credential once its last lease has ended.
 *
 * The end of a lease stops further checkouts and renewals. It does not un-know a password: whoever had it has it until it is changed on the device.
 */
export class AfterCheckout {
  /** Nothing: it is known to whoever had it until somebody changes it. */
  public static keep(): AfterCheckout {
    return new AfterCheckout('keep', undefined);
  }

  /**
   * Secrets Manager is asked to rotate it, and calls a function of yours: only you can change it on the device. It is renewed every 90 days in any case.
   *
   * @param rotation follows the four steps of Secrets Manager, and may read and write the secret
   */
  public static rotate(rotation: lambda.IFunction): AfterCheckout {
    return new AfterCheckout('rotate', rotation);
  }

  private constructor(
    private readonly kind: 'keep' | 'rotate',
    /**
     * What changes it; nothing where nobody does.
     *
     * @internal
     */
    public readonly _rotation: lambda.IFunction | undefined,
  ) {}

  /**
   * Refuses what cannot change anything, for those whose compiler does not tell them.
   *
   * @internal
   */
  public _check(scope: IConstruct, prop: string): void {
    if (this.kind === 'rotate') checkKind(scope, `${prop}.rotation`, this._rotation, ROTATION);
  }
}
