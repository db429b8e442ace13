import { Aws, RemovalPolicy } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import { Topic } from 'aws-cdk-lib/aws-sns';
import type { Construct } from 'constructs';
import { invalidProp, isListToken } from '../invalid-prop';
import type { Recipient } from './recipient';

/** Who is told of alarms, and how that is kept. */
export interface AlarmTopicProps {
  /** Who hears them, at least one: an alarm that nobody hears is none (MON-6). */
  readonly recipients: Recipient[];

  /**
   * The key that encrypts what is on its way. An imported key's policy is not changed: let `cloudwatch.amazonaws.com` use `kms:Decrypt` and `kms:GenerateDataKey*`,
   * or every alarm is lost without a word (Amazon SNS guide, "Enable compatibility between event sources from AWS services and encrypted topics").
   *
   * @default - a key of its own, since nobody can let CloudWatch use that of the account, alias/aws/sns
   */
  readonly encryptionKey?: kms.IKey;
}

/** CloudWatch in its own name, for alarms of this account alone. */
function cloudWatch(statement: Pick<iam.PolicyStatementProps, 'sid' | 'actions' | 'resources'>): iam.PolicyStatement {
  return new iam.PolicyStatement({
    ...statement,
    principals: [new iam.ServicePrincipal('cloudwatch.amazonaws.com')],
    conditions: { StringEquals: { 'aws:SourceAccount': Aws.ACCOUNT_ID } },
  });
}

/** A message is on its way for hours at most: nothing is lost with the key. */
const ownKey = (parent: Construct, topicId: string): kms.Key => new kms.Key(parent, `${topicId}Key`, {
  description: `Encrypts alarms of ${parent.node.path || topicId}`, enableKeyRotation: true, removalPolicy: RemovalPolicy.DESTROY,
});

function keyFor(parent: Construct, topicId: string, { encryptionKey }: AlarmTopicProps): kms.IKey {
  const key = encryptionKey ?? ownKey(parent, topicId);
  key.addToResourcePolicy(cloudWatch({ sid: 'AlarmsOfThisAccount', actions: ['kms:Decrypt', 'kms:GenerateDataKey*'], resources: ['*'] }));
  return key;
}

/**
 * Where alarms of CloudWatch go: encrypted by a key that CloudWatch may use, published to over TLS alone, and heard by somebody (MON-6).
 *
 * EventBridge may not publish: a statement for CloudWatch names this account (`aws:SourceAccount`), and whether EventBridge's requests to a key carry that could
 * not be verified, so that a statement for it might have to be open to every account's rules. What it sees becomes a metric first, and an alarm then.
 */
export class AlarmTopic extends Topic {
  public constructor(scope: Construct, id: string, props: AlarmTopicProps) {
    super(scope, id, { masterKey: keyFor(scope, id, props), enforceSSL: true });
    const { recipients } = props;
    const todo = 'Name who hears alarms, at least one: Recipient.email(…), https(…), queue(…), lambda(…), or elsewhere(…) where they are subscribed outside of this app.';
    // Callers in other languages may leave it out.
    if (((recipients as Recipient[] | undefined)?.length ?? 0) === 0) throw invalidProp(this, 'recipients', recipients, todo);
    if (isListToken(recipients)) throw invalidProp(this, 'recipients', 'a token', todo);
    recipients.forEach((recipient, index) => { recipient._bind(this, `recipients[${index}]`); });
    this.addToResourcePolicy(cloudWatch({ sid: 'AlarmsOfThisAccount', actions: ['sns:Publish'], resources: [this.topicArn] }));
  }
}
