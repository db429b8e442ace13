import { Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type * as ecs from 'aws-cdk-lib/aws-ecs';
import * as events from 'aws-cdk-lib/aws-events';
import * as targets from 'aws-cdk-lib/aws-events-targets';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as secrets from 'aws-cdk-lib/aws-secretsmanager';
import { Construct } from 'constructs';
import { answerAwsSolutions } from '../aws-solutions';
import { invalidProp } from '../invalid-prop';
import { keptOnceMade } from '../kept-once-made';
import { LlmProvider } from '../network/llm-providers';
import { told, whenever } from '../observability/told';
import { isWhole } from '../whole-number';
import { containerSecret, fillByHand } from './container-secret';
import { AGE_SECRETS_VARIABLE, type AgedSecret, ROTATION_BY_ISSUER_METADATA } from './contract';
import type { KeptSecretProps } from './kept-secret-props';
import { ageMetric, onAge } from './secret-alarms';
import { checkEnvironment, markEnvironment, nameInEnvironment } from './secret-environment';
import { SecretFunction } from './secret-function';
import { SecretKey } from './secret-key';
import { VALUE_CHANGED } from './value-changed';

/** Whose key it is. */
export interface ProviderKeyProps extends KeptSecretProps {
  /**
   * Who issues it. Exactly one of `provider` and `variable` is given.
   *
   * @default - said by `variable`
   */
  readonly provider?: LlmProvider;

  /**
   * The variable that a container reads it from, such as `STRIPE_API_KEY`, for issuers that `LlmProvider` does not know.
   *
   * @default - said by `provider`
   */
  readonly variable?: string;

  /** Which environment of yours uses it, such as `production`: each has keys of its own (NT-37). */
  readonly environment: string;

  /**
   * Its name in AWS Secrets Manager, which begins with the environment and a slash.
   *
   * @default - the environment, a slash and the variable
   */
  readonly secretName?: string;

  /**
   * After how many days somebody has to have asked the issuer for a new one: whole days, 1 to 365.
   *
   * @default Duration.days(90)
   */
  readonly maxAge?: Duration;
}

/** A quarter of a year, as for what we renew ourselves (our figure). */
const DEFAULT_MAX_AGE = Duration.days(90);
const MOST_DAYS = 365;

/** What the guides call them (NT-33 to NT-36). */
const VARIABLES: Readonly<Record<LlmProvider, string>> = {
  [LlmProvider.OPENAI]: 'OPENAI_API_KEY',
  [LlmProvider.ANTHROPIC]: 'ANTHROPIC_API_KEY',
  [LlmProvider.GEMINI]: 'GEMINI_API_KEY',
  [LlmProvider.HUGGING_FACE]: 'HF_TOKEN',
  [LlmProvider.REPLICATE]: 'REPLICATE_API_TOKEN',
  [LlmProvider.FAL]: 'FAL_API_KEY',
  [LlmProvider.ELEVENLABS]: 'ELEVENLABS_API_KEY',
};

/**
 * A key that only its issuer can renew (M-20): there is no rotation that would only look like one. Its age is watched, and an alarm says when somebody
 * has to ask for a new one.
 *
 * It is empty after the first deployment, which its alarm says: fill it with `aws secretsmanager put-secret-value` before the service starts that uses it. So it stands in a stack of its own.
 */
export class ProviderKey extends Construct {
  public readonly secret: secrets.ISecret;

  /** The variable that a container reads it from, such as `OPENAI_API_KEY`. */
  public readonly variable: string;

  /** On an age that is too high or unknown, and on not being able to tell it. */
  public readonly alarms: cloudwatch.IAlarm[];

  public constructor(scope: Construct, id: string, props: ProviderKeyProps) {
    super(scope, id);
    const { environment, removalPolicy = RemovalPolicy.RETAIN } = props;
    this.variable = this.variableOf(props.provider, props.variable);
    const days = this.daysOf(props.maxAge ?? DEFAULT_MAX_AGE);
    const ownKey = props.encryptionKey ? undefined : new SecretKey(this, 'Key', { removalPolicy: keptOnceMade(removalPolicy) });
    const secret = new secrets.Secret(this, 'Secret', {
      description: `${this.variable} of ${environment}; only its issuer can renew it`,
      secretName: props.secretName === undefined ? nameInEnvironment(this, environment, this.variable) : checkEnvironment(this, environment, props.secretName),
      encryptionKey: props.encryptionKey ?? ownKey?.key,
      removalPolicy: keptOnceMade(removalPolicy),
    });
    answerAwsSolutions(secret, 'SMG4', 'Only its issuer can renew it; its age is watched instead, with an alarm.');
    const resource = secret.node.defaultChild as secrets.CfnSecret;
    // What CloudFormation would make up is no key of the issuer's, and would look like one.
    resource.addPropertyDeletionOverride('GenerateSecretString');
    resource.addMetadata(ROTATION_BY_ISSUER_METADATA, days);
    this.secret = secret;
    fillByHand(secret);
    markEnvironment(secret, this, environment);
    const aged: AgedSecret = { secretArn: secret.secretArn, metricName: secret.secretArn };
    const age = new SecretFunction(this, 'Age', {
      description: `Tells how old ${this.variable} of ${environment} is; cannot read it`,
      asset: 'secret-age',
      timeout: Duration.minutes(1),
      environment: { [AGE_SECRETS_VARIABLE]: Stack.of(this).toJsonString([aged]) },
      removalPolicy,
    });
    age.role.addToPrincipalPolicy(new iam.PolicyStatement({ sid: 'VersionsWithoutValues', actions: ['secretsmanager:ListSecretVersionIds'], resources: [secret.secretArn] }));
    const description = `Tells how old ${this.variable} of ${environment} is`;
    const tells = [new targets.LambdaFunction(age.handler)];
    new events.Rule(this, 'Daily', { description, schedule: events.Schedule.rate(Duration.days(1)), targets: tells });
    // Else the alarm on an empty secret would stand for a day after it was filled.
    new events.Rule(this, 'Filled', { description, eventPattern: { ...VALUE_CHANGED, resources: [secret.secretArn] }, targets: tells });
    const failures = age.handler.metricErrors({ period: Duration.minutes(5), statistic: 'Sum' });
    const alarms = [
      new cloudwatch.Alarm(this, 'Overdue', onAge(this.metricAgeDays(), days, `${this.variable} of ${environment} is older than ${days} days, or empty: ask its issuer for another.`)),
      new cloudwatch.Alarm(this, 'Failures', whenever(failures, `Nobody can tell how old ${this.variable} of ${environment} is.`)),
    ];
    this.alarms = alarms.map((alarm) => told(alarm, props.alarmTopic));
  }

  /** How many days old the value is, told once a day. */
  public metricAgeDays(): cloudwatch.Metric {
    return ageMetric(this.secret.secretArn);
  }

  /** What a container is given as its variable. */
  public container(): ecs.Secret {
    return containerSecret(this.secret);
  }

  private variableOf(provider: LlmProvider | undefined, variable: string | undefined): string {
    if ((provider === undefined) === (variable === undefined)) throw invalidProp(this, 'variable', variable, 'Name exactly one of provider and variable.');
    const name = provider === undefined ? variable ?? '' : VARIABLES[provider];
    if (!/^[A-Z][A-Z0-9_]*$/.test(name)) throw invalidProp(this, 'variable', name, 'Name a variable in capitals, such as STRIPE_API_KEY.');
    return name;
  }

  private daysOf(maxAge: Duration): number {
    const days = maxAge.isUnresolved() ? undefined : maxAge.toDays({ integral: false });
    if (days === undefined || !isWhole(days, 1, MOST_DAYS)) throw invalidProp(this, 'maxAge', days === undefined ? 'a token' : `${days} days`, `Name whole days from 1 to ${MOST_DAYS}.`);
    return days;
  }
}
