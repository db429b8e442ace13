import type * as kms from 'aws-cdk-lib/aws-kms';
import type * as secretsmanager from 'aws-cdk-lib/aws-secretsmanager';
import type * as ssm from 'aws-cdk-lib/aws-ssm';
import type { AfterCheckout } from './after-checkout';
import { type CredentialStore, parameterCredential, secretCredential } from './credential-stores';
import type { DeviceCredentialKind } from './device-credential-kind';

/** How a credential in AWS Secrets Manager is kept. */
export interface CredentialOptions {
  /**
   * What becomes of it once its last lease has ended.
   *
   * @default AfterCheckout.keep()
   */
  readonly after?: AfterCheckout;
}

/** How a credential in AWS Systems Manager is kept. It stays the same until somebody changes it: nothing rotates a parameter. */
export interface ParameterCredentialOptions {
  /**
   * The key that encrypts it. An imported key's policy is not changed.
   *
   * @default - the account's `aws/ssm` key
   */
  readonly encryptionKey?: kms.IKey;
}

/**
 * A credential that workers may check out for a job, and where its value is (WCC-9). The value is in no template: it is a JSON object of one of the forms in
 * `docs/worker-protocol.md`, which the broker reads anew at every checkout.
 */
export class BrokerCredential {
  /**
   * A secret of AWS Secrets Manager.
   *
   * @param id what jobs call it: 1 to 64 letters, digits, `.`, `_` and `-`; it is no secret
   * @param secret of this region; only the broker, and what rotates it, should be let read it
   */
  public static secretsManager(id: string, kind: DeviceCredentialKind, secret: secretsmanager.ISecret, options: CredentialOptions = {}): BrokerCredential {
    return new BrokerCredential(id, kind, secretCredential(secret, options));
  }

  /**
   * A `SecureString` of AWS Systems Manager, which somebody made by hand: CloudFormation makes none.
   *
   * @param id what jobs call it: 1 to 64 letters, digits, `.`, `_` and `-`; it is no secret
   * @param parameter such as `ssm.StringParameter.fromSecureStringParameterAttributes(…)`
   */
  public static parameterStore(id: string, kind: DeviceCredentialKind, parameter: ssm.IStringParameter, options: ParameterCredentialOptions = {}): BrokerCredential {
    return new BrokerCredential(id, kind, parameterCredential(parameter, options));
  }

  private constructor(
    /**
     * What jobs call it.
     *
     * @internal
     */
    public readonly _id: string,
    /**
     * What it is for.
     *
     * @internal
     */
    public readonly _kind: DeviceCredentialKind,
    /**
     * Where its value is.
     *
     * @internal
     */
    public readonly _store: CredentialStore,
  ) {}
}
