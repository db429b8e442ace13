import type * as lambda from 'aws-cdk-lib/aws-lambda';

/**
 * What becomes of a credential once its last lease has ended.
 *
 * The end of a lease stops further checkouts and renewals. It does not un-know a password: whoever had it has it until it is changed on the device.
 */
export class AfterCheckout {
  /** Nothing: it is known to whoever had it until somebody changes it. */
  public static keep(): AfterCheckout {
    return new AfterCheckout(undefined);
  }

  /**
   * Secrets Manager is asked to rotate it, and calls a function of yours: only you can change it on the device. It is renewed every 90 days in any case.
   *
   * @param rotation follows the four steps of Secrets Manager, and may read and write the secret
   */
  public static rotate(rotation: lambda.IFunction): AfterCheckout {
    return new AfterCheckout(rotation);
  }

  private constructor(
    /**
     * What changes it; nothing where nobody does.
     *
     * @internal
     */
    public readonly _rotation: lambda.IFunction | undefined,
  ) {}
}
