import { ArnFormat, Duration, Lazy, Names, RemovalPolicy, Stack } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as events from 'aws-cdk-lib/aws-events';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as kms from 'aws-cdk-lib/aws-kms';
import * as logs from 'aws-cdk-lib/aws-logs';
import type { ISecret } from 'aws-cdk-lib/aws-secretsmanager';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { CREDENTIAL_QUERIES, saveQueries } from '../audit/insights-queries';
import { invalidProp } from '../invalid-prop';
import { letLogsUse } from '../log-encryption';
import { told, whenever } from '../observability/told';
import { readersOf } from './container-secret';
import { DECLARED_TRAIL_METADATA } from './contract';
import type { TrailCoverage } from './trail-coverage';

/** Which secrets to watch, and who may read them unremarked. */
export interface SecretAccessProps {
  /** What is watched. */
  readonly secrets: ISecret[];

  /** Who reads them in the ordinary course, such as execution roles of tasks. The functions that renew them are known. */
  readonly readers: iam.IRole[];

  /**
   * Who records calls to AWS in this account; without a trail nobody is told of a read.
   *
   * @default - nothing is said, as where the account's trail is known to stand elsewhere
   */
  readonly trail?: TrailCoverage;

  /**
   * Who is told of alarms.
   *
   * @default - nobody; `alarms` are there to be connected
   */
  readonly alarmTopic?: ITopic;

  /**
   * The key that encrypts the records. An imported key's policy is not changed: let `logs.<region>.amazonaws.com` use it.
   *
   * @default - a key of CloudWatch Logs' own
   */
  readonly encryptionKey?: kms.IKey;

  /**
   * What becomes of the log of unexpected reads when the stack is destroyed.
   *
   * @default RemovalPolicy.RETAIN
   */
  readonly removalPolicy?: RemovalPolicy;
}

/** The only state in which a rule is told of calls that only read (EventBridge guide, "Read-only management events"). The CDK's own construct cannot say it. */
const WITH_READS = 'ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS';

/**
 * Amazon EventBridge takes a pattern of 2048 characters (EventBridge guide, "Quotas"): three secrets in three spellings of up to 110 characters each
 * and seven roles of up to 90 fit beside the rest.
 */
const SECRETS_IN_A_RULE = 3;
const MOST_READERS = 7;

/** CloudFormation fetches `{{resolve:secretsmanager:…}}` in the name of who deploys, and is where the call comes from (CloudTrail guide, `sourceIPAddress`). */
const DEPLOYMENTS = 'cloudformation.amazonaws.com';

const watched = new WeakSet<ISecret>();

/** Whether somebody is told of reads of a secret already. */
export function isWatched(secret: ISecret): boolean {
  return watched.has(secret);
}

/**
 * Tells when somebody else reads a secret than those who do so every day, and when somebody tries to and is denied (SEC-8).
 *
 * What reads several at once is recorded as a read of each (Secrets Manager API, BatchGetSecretValue), by name or ARN as it asked. A role is known by its ARN in
 * `sessionIssuer`, whatever its session is called; who has none, such as a user or the account's root, is never expected. What AWS CloudFormation fetches for a
 * deployment is: who may change stacks can have it fetch a value, and is to be watched as a deployer. Records of a call that was denied may
 * leave out what was asked for; those are found by the ARN in the error message. That its wording stays so, and that CloudFormation is named as said, was not proven.
 *
 * It takes one of the ten resource policies that CloudWatch Logs has for a region of an account.
 */
export class SecretAccess extends Construct {
  /** On reads by somebody unexpected, and on reads that were denied. */
  public readonly alarms: cloudwatch.IAlarm[] = [];

  /** Where the records of these reads are kept; values are in none. */
  public readonly records: logs.ILogGroup;

  private readonly readers: Set<iam.IRole>;

  public constructor(scope: Construct, id: string, props: SecretAccessProps) {
    super(scope, id);
    const { alarmTopic, encryptionKey, trail } = props;
    const secrets = [...new Map(props.secrets.map((secret) => [secret.secretArn, secret])).values()];
    if (secrets.length === 0) throw invalidProp(this, 'secrets', secrets, 'Name the secrets to watch.');
    for (const secret of secrets) watched.add(secret);
    if (props.readers.length === 0) throw invalidProp(this, 'readers', props.readers, 'Name the roles that read the secrets every day, or every start of a task is an alarm.');
    this.readers = new Set(props.readers);
    if (encryptionKey) letLogsUse(this, encryptionKey);
    const records = new logs.LogGroup(this, 'Records', {
      // The prefix that EventBridge asks for (EventBridge guide, "CloudWatch Logs log group targets").
      logGroupName: `/aws/events/${Names.uniqueResourceName(this, { maxLength: 200, separator: '-' })}`,
      retention: logs.RetentionDays.ONE_YEAR,
      encryptionKey,
      removalPolicy: props.removalPolicy ?? RemovalPolicy.RETAIN,
    });
    this.records = records;
    saveQueries(this, records, CREDENTIAL_QUERIES);
    const rules: events.CfnRule[] = [];
    const who = `${scope.node.path}: ${this.node.path}/Records tells who.`;
    for (let start = 0; start < secrets.length; start += SECRETS_IN_A_RULE) {
      const some = secrets.slice(start, start + SECRETS_IN_A_RULE);
      const suffix = start === 0 ? '' : String(start / SECRETS_IN_A_RULE + 1);
      const [unexpected, denied] = [this.rule(`Unexpected${suffix}`, trail, this.unexpectedReads(some)), this.rule(`Denied${suffix}`, trail, this.deniedReads(some))];
      this.alarms.push(
        told(new cloudwatch.Alarm(this, `UnexpectedReads${suffix}`, whenever(matchesOf(unexpected), `Somebody unexpected read a secret of ${who}`)), alarmTopic),
        told(new cloudwatch.Alarm(this, `DeniedReads${suffix}`, whenever(matchesOf(denied), `Somebody was denied a secret of ${who}`)), alarmTopic),
      );
      rules.push(unexpected, denied);
      this.node.addValidation({ validate: () => this.tooManyReaders(some) });
    }
    records.addToResourcePolicy(new iam.PolicyStatement({
      principals: [new iam.ServicePrincipal('events.amazonaws.com'), new iam.ServicePrincipal('delivery.logs.amazonaws.com')],
      actions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
      resources: [records.logGroupArn],
      conditions: { ArnEquals: { 'aws:SourceArn': rules.map(({ attrArn }) => attrArn) } },
    }));
  }

  /**
   * Names more roles that read the secrets in the ordinary course, such as those of services of another stack, by their ARN.
   *
   * @param readers that are no surprise
   */
  public expect(...readers: iam.IRole[]): void {
    for (const reader of readers) this.readers.add(reader);
  }

  private unexpectedReads(secrets: readonly ISecret[]): Record<string, unknown> {
    return {
      requestParameters: { secretId: secrets.flatMap(spellingsOf) },
      sourceIPAddress: [{ 'anything-but': [DEPLOYMENTS] }],
      $or: [
        issuedBy([{ 'anything-but': Lazy.list({ produce: () => this.expectedOf(secrets).map(({ roleArn }) => roleArn) }) }]),
        issuedBy([{ exists: false }]),
      ],
    };
  }

  private deniedReads(secrets: readonly ISecret[]): Record<string, unknown> {
    return { errorCode: [{ exists: true }], errorMessage: secrets.map(({ secretArn }) => ({ wildcard: `*${secretArn}*` })) };
  }

  /**
   * Those who were named, and those whom this library let read the secrets. Roles of stacks that may need this one are left out, for the two would
   * need each other: `expect` takes them by their ARN.
   */
  private expectedOf(secrets: readonly ISecret[]): iam.IRole[] {
    const known = secrets.flatMap((secret) => readersOf(secret).filter((role) => role.stack === this.own || role.stack === Stack.of(secret)));
    return [...new Map([...this.readers, ...known].map((role) => [role.roleArn, role])).values()];
  }

  private get own(): Stack {
    return Stack.of(this);
  }

  private tooManyReaders(secrets: readonly ISecret[]): string[] {
    const { length } = this.expectedOf(secrets);
    if (length <= MOST_READERS) return [];
    const paths = secrets.map(({ node }) => node.path).join(', ');
    return [`has ${length} readers of ${paths}, and a rule of Amazon EventBridge has room for ${MOST_READERS}. Watch the secrets by several SecretAccess.`];
  }

  private rule(id: string, trail: TrailCoverage | undefined, detail: Record<string, unknown>): events.CfnRule {
    const rule = new events.CfnRule(this, id, {
      description: `Reads of secrets of ${this.node.path}`,
      state: WITH_READS,
      eventPattern: {
        'source': ['aws.secretsmanager'],
        'detail-type': ['AWS API Call via CloudTrail'],
        'detail': { eventSource: ['secretsmanager.amazonaws.com'], eventName: ['GetSecretValue'], ...detail },
      },
      // The ARN as EventBridge takes it, without the `:*` at its end.
      targets: [{ id: 'Records', arn: this.own.formatArn({ service: 'logs', resource: 'log-group', resourceName: this.records.logGroupName, arnFormat: ArnFormat.COLON_RESOURCE_NAME }) }],
    });
    if (trail?._reason !== undefined) rule.addMetadata(DECLARED_TRAIL_METADATA, trail._reason);
    if (trail?._trail) rule.node.addDependency(trail._trail);
    return rule;
  }
}

function issuedBy(arn: readonly unknown[]): Record<string, unknown> {
  return { userIdentity: { sessionContext: { sessionIssuer: { arn } } } };
}

function matchesOf({ ref }: events.CfnRule): cloudwatch.Metric {
  return new cloudwatch.Metric({ namespace: 'AWS/Events', metricName: 'TriggeredRules', dimensionsMap: { RuleName: ref }, period: Duration.minutes(5), statistic: cloudwatch.Stats.SUM });
}

/** In how many ways it can be asked for: by its ARN, by its name, and by its ARN without the six characters at the end (Secrets Manager API, SecretId). */
function spellingsOf(secret: ISecret): unknown[] {
  const partial = Stack.of(secret).formatArn({ service: 'secretsmanager', resource: 'secret', resourceName: secret.secretName, arnFormat: ArnFormat.COLON_RESOURCE_NAME });
  // Of one that was brought by name the end is not known.
  if (secret.secretFullArn === undefined) return [secret.secretArn, secret.secretName, { prefix: `${secret.secretArn}-` }];
  return [secret.secretArn, secret.secretName, partial];
}
