import { Annotations, Aws, RemovalPolicy, Token } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';
import { invalidProp } from '../invalid-prop';

/** Who may use a key of secrets. */
export interface SecretKeyProps {
  /**
   * ARNs of roles that may use it, through AWS Secrets Manager only: who deploys (such as the `cfn-exec-role` of `cdk bootstrap`), who fills in values,
   * and roles of other stacks. Those of its own stack that this library lets use a secret, such as a Core's execution role, are named by themselves; others by `grantUse`.
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

const secretKeys = new WeakMap<kms.IKey, SecretKey>();

/** Names somebody in the policy of a key that lets nobody use it whom it does not name. */
export function nameUser(key: kms.IKey, { grantPrincipal }: iam.IGrantable): void {
  if ('roleArn' in grantPrincipal) secretKeys.get(key)?._name(grantPrincipal as iam.IRole);
}

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
  private readonly principals: readonly string[] | undefined;
  private readonly named = new Set<string>();

  public constructor(scope: Construct, id: string, props: SecretKeyProps = {}) {
    super(scope, id);
    const { principals } = props;
    this.principals = principals;
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
    secretKeys.set(this.key, this);
  }

  /**
   * Names a role of this stack in the key's policy. A role of another stack would make the two stacks need each other: list its ARN in `principals`.
   *
   * @param role that reads or writes secrets
   */
  public grantUse(role: iam.IRole): void {
    if (role.stack !== this.own.stack) throw invalidProp(this, 'role', role.node.path, 'It is of another stack, and the two would need each other: give it a name, and list its ARN in principals.');
    if (this.named.has(role.roleArn)) return;
    this.named.add(role.roleArn);
    this.own.addToResourcePolicy(this.useBy(undefined, [new iam.ArnPrincipal(role.roleArn)]));
  }

  /**
   * Names a role that uses a secret of this key, where only those may use it who are named.
   *
   * @internal
   */
  public _name(role: iam.IRole): void {
    const { principals } = this;
    if (!principals) return;
    if (role.stack === this.own.stack) {
      this.grantUse(role);
      return;
    }
    const { roleName } = role.node.defaultChild instanceof iam.CfnRole ? role.node.defaultChild : { roleName: undefined };
    const isListed = principals.some((arn) => arn === role.roleArn || (roleName !== undefined && !Token.isUnresolved(roleName) && arn.endsWith(`/${roleName}`)));
    if (isListed) return;
    Annotations.of(this).addWarningV2(`cdk-secure-core:key-user:${role.node.path}`,
      `${role.node.path} of another stack uses a secret of this key, whose policy does not name it: make the key in the stack of ${role.node.path}, or leave principals out.`);
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
