import type { RemovalPolicy } from 'aws-cdk-lib';
import type * as kms from 'aws-cdk-lib/aws-kms';
import * as secrets from 'aws-cdk-lib/aws-secretsmanager';
import { Construct } from 'constructs';
import { neverRotated } from '../secrets/never-rotated';

/** Letters and digits alone make 64 of them 380 bits: whoever reads the log cannot try names until one fits. */
const LENGTH = 64;

const EXEMPT = 'Records of one caller carry one hash, by which he is followed over time: another key would be the end of that. It opens nothing.';

/** How a key is kept. */
export interface AuditKeyProps {
  /** @default - AWS's own key */
  readonly encryptionKey?: kms.IKey;
  readonly removalPolicy: RemovalPolicy;
}

/** The key by which audit records hash callers' names, which nobody has ever seen (CX-62). */
export class AuditKey extends Construct {
  public readonly secret: secrets.ISecret;

  public constructor(scope: Construct, id: string, { encryptionKey, removalPolicy }: AuditKeyProps) {
    super(scope, id);
    const secret = new secrets.Secret(this, 'Secret', {
      description: `Hashes callers in the audit records of ${this.node.path}`,
      generateSecretString: { passwordLength: LENGTH, excludePunctuation: true },
      encryptionKey,
      removalPolicy,
    });
    neverRotated(secret, EXEMPT);
    this.secret = secret;
  }
}
