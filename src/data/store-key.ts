import type { RemovalPolicy } from 'aws-cdk-lib';
import * as kms from 'aws-cdk-lib/aws-kms';
import type { Construct } from 'constructs';

/** The key of a store that was given none, renewed every year by AWS KMS; it stays as long as what it encrypts. */
export function storeKey(parent: Construct, removalPolicy: RemovalPolicy): kms.Key {
  return new kms.Key(parent, 'Key', { description: `Encrypts ${parent.node.path}`, enableKeyRotation: true, removalPolicy });
}
