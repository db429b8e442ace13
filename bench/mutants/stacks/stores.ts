import { RemovalPolicy, Stack } from 'aws-cdk-lib';
import type * as ec2 from 'aws-cdk-lib/aws-ec2';
import type { CfnTaskDefinition } from 'aws-cdk-lib/aws-ecs';
import { CfnCacheCluster, CfnSubnetGroup } from 'aws-cdk-lib/aws-elasticache';
import * as iam from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { CfnSecret } from 'aws-cdk-lib/aws-secretsmanager';
import { MASTER_KEY_METADATA, ROTATION_BY_ISSUER_METADATA, ROTATION_EXEMPT_METADATA } from '../../../src/secrets/contract';

/** What a Core keeps beside its database, and the keys that it needs for it. */
export class Stores {
  /** What no backup of the database has. */
  public readonly assets: s3.Bucket;
  private readonly master: CfnSecret;
  private readonly provider: CfnSecret;

  public constructor(private readonly scope: Stack, encryptionKey: IKey) {
    this.assets = new s3.Bucket(scope, 'Assets', {
      blockPublicAccess: s3.BlockPublicAccess.BLOCK_ALL, enforceSSL: true, versioned: true, encryption: s3.BucketEncryption.KMS, encryptionKey, bucketKeyEnabled: true,
      objectOwnership: s3.ObjectOwnership.BUCKET_OWNER_ENFORCED, removalPolicy: RemovalPolicy.RETAIN,
    });
    this.master = new CfnSecret(scope, 'MasterKey', { name: 'production/master-key', kmsKeyId: encryptionKey.keyArn, replicaRegions: [{ region: 'eu-west-1', kmsKeyId: 'alias/core' }] });
    this.master.applyRemovalPolicy(RemovalPolicy.RETAIN);
    this.master.addMetadata(MASTER_KEY_METADATA, true);
    this.master.addMetadata(ROTATION_EXEMPT_METADATA, 'What it encrypted could not be read any more.');
    this.provider = new CfnSecret(scope, 'OpenAiKey', { name: 'production/openai', kmsKeyId: encryptionKey.keyArn });
    this.provider.addMetadata(ROTATION_BY_ISSUER_METADATA, 90);
  }

  /** What a container takes when it starts. */
  public get secrets(): CfnTaskDefinition.SecretProperty[] {
    return [{ name: 'SECRETS_MASTER_KEY', valueFrom: this.master.ref }, { name: 'OPENAI_API_KEY', valueFrom: this.provider.ref }];
  }

  /** Where it keeps assets. */
  public get environment(): CfnTaskDefinition.KeyValuePairProperty[] {
    return [{ name: 'ASSET_BUCKET', value: this.assets.bucketName }, { name: 'S3_REGION', value: this.scope.region }];
  }

  /** Who a program of this name is while it keeps assets. */
  public roleOf(name: string): iam.Role {
    const role = new iam.Role(this.scope, `${name}OwnRole`, { assumedBy: new iam.ServicePrincipal('ecs-tasks.amazonaws.com') });
    role.addToPolicy(new iam.PolicyStatement({ actions: ['s3:GetObject', 's3:PutObject'], resources: [this.assets.arnForObjects('assets/*')] }));
    return role;
  }

  /** What others let in, by TLS alone. */
  public cache(group: ec2.CfnSecurityGroup, subnetIds: string[]): void {
    const subnets = new CfnSubnetGroup(this.scope, 'CacheSubnets', { description: 'Cache', subnetIds });
    new CfnCacheCluster(this.scope, 'Cache', {
      engine: 'memcached', engineVersion: '1.6.22', cacheNodeType: 'cache.t4g.micro', numCacheNodes: 2, azMode: 'cross-az', transitEncryptionEnabled: true,
      cacheSubnetGroupName: subnets.ref, vpcSecurityGroupIds: [group.attrGroupId],
    });
  }
}
