import { Aws, RemovalPolicy } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';
import { invalidProp } from '../invalid-prop';

/** Who may use a key of secrets. */
export interface SecretKeyProps {
  /**
   * ARNs of roles that may use it, through AWS Secrets Manager only: who deploys (such as the `cfn-exec-role` of `cdk bootstrap`), who fills in values,
   * and roles of other stacks. Roles of its own stack are named by `grantUse`.
   *
   * Without a list the IAM policies of this account decide, still through AWS Secrets Manager only: what CloudFormation deploys as, and what a role of
   * another stack is called, is not known here, and whoever makes or fills a secret has to be let use its key (Secrets Manager guide, "Permissions for the KMS key").
   *
   * @default - whom the account's IAM policies let use it
   */
  readonly principals?: string[];

  /**
   * What becomes of it when the stack is destroyed.
   *
   * @default RemovalPolicy.RETAIN
   */
  readonly removalPolicy?: RemovalPolicy;
}

/** What looks after a key without using it: neither Decrypt nor GenerateDataKey, and no CreateGrant, by which one could give them to oneself. */
const ADMINISTRATION = [
  'kms:CancelKeyDeletion', 'kms:Describe*', 'kms:Disable*', 'kms:Enable*', 'kms:Get*', 'kms:List*', 'kms:PutKeyPolicy', 'kms:RevokeGrant',
  'kms:ScheduleKeyDeletion', 'kms:TagResource', 'kms:UntagResource', 'kms:UpdateKeyDescription',
];

/** What Secrets Manager does with a key in the name of its caller. */
const USE = ['kms:Decrypt', 'kms:GenerateDataKey', 'kms:DescribeKey'];

/**
 * A key for secrets (SEC-2): the account looks after it and cannot decrypt with it, and it is used through AWS Secrets Manager alone, by whom its policy names.
 *
 * AWS KMS renews it every year.
 */
export class SecretKey extends Construct {
  /**
   * The key, as a secret is given it. What others grant goes into policies of roles: the key's own policy says what this construct says, and no more,
   * where the CDK would let the whole account make grants.
   */
  public readonly key: kms.IKey;

  private readonly own: kms.Key;

  public constructor(scope: Construct, id: string, props: SecretKeyProps = {}) {
    super(scope, id);
    const { principals } = props;
    if (principals?.length === 0) throw invalidProp(this, 'principals', principals, 'Name who deploys at least, or leave it out: nobody could make a secret with this key.');
    const policy = new iam.PolicyDocument({
      statements: [
        new iam.PolicyStatement({ sid: 'Administration', principals: [new iam.AccountRootPrincipal()], actions: ADMINISTRATION, resources: ['*'] }),
        this.useBy('Use', principals ? principals.map((arn) => new iam.ArnPrincipal(arn)) : [new iam.AccountRootPrincipal()]),
      ],
    });
    this.own = new kms.Key(this, 'Key', {
      description: `Encrypts secrets of ${scope.node.path}`,
      enableKeyRotation: true,
      policy,
      removalPolicy: props.removalPolicy ?? RemovalPolicy.RETAIN,
    });
    this.key = kms.Key.fromKeyArn(this, 'Shown', this.own.keyArn);
  }

  /**
   * Names a role of this stack in the key's policy. A role of another stack would make the two stacks need each other: list its ARN in `principals`.
   *
   * @param role that reads or writes secrets
   */
  public grantUse(role: iam.IRole): void {
    if (role.stack !== this.own.stack) throw invalidProp(this, 'role', role.node.path, 'It is of another stack, and the two would need each other: give it a name, and list its ARN in principals.');
    this.own.addToResourcePolicy(this.useBy(undefined, [new iam.ArnPrincipal(role.roleArn)]));
  }

  private useBy(sid: string | undefined, principals: iam.IPrincipal[]): iam.PolicyStatement {
    return new iam.PolicyStatement({
      sid,
      principals,
      actions: USE,
      resources: ['*'],
      conditions: { StringEquals: { 'kms:ViaService': `secretsmanager.${Aws.REGION}.amazonaws.com`, 'kms:CallerAccount': Aws.ACCOUNT_ID } },
    });
  }
}
