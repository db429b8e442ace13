import type { RemovalPolicy } from 'aws-cdk-lib';
import type * as kms from 'aws-cdk-lib/aws-kms';
import type { ITopic } from 'aws-cdk-lib/aws-sns';

/** How a secret is kept, and who looks after it. */
export interface KeptSecretProps {
  /**
   * The key that encrypts it.
   *
   * @default - that of a new SecretKey
   */
  readonly encryptionKey?: kms.IKey;

  /**
   * What becomes of it, of its key and of its log when the stack is destroyed. What a first deployment that fails leaves behind goes in any case.
   *
   * @default RemovalPolicy.RETAIN
   */
  readonly removalPolicy?: RemovalPolicy;

  /**
   * Who is told of alarms.
   *
   * @default - nobody; `alarms` are there to be connected
   */
  readonly alarmTopic?: ITopic;
}
