import { Duration, type RemovalPolicy, Stack } from 'aws-cdk-lib';
import type * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as events from 'aws-cdk-lib/aws-events';
import * as targets from 'aws-cdk-lib/aws-events-targets';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as kms from 'aws-cdk-lib/aws-kms';
import * as secrets from 'aws-cdk-lib/aws-secretsmanager';
import type { Construct } from 'constructs';
import { answerAwsSolutions } from '../aws-solutions';
import { keptOnceMade } from '../kept-once-made';
import { fillByHand } from './container-secret';
import { AGE_SECRETS_VARIABLE, type AgedSecret, ROTATION_BY_ISSUER_METADATA } from './contract';
import { markEnvironment } from './secret-environment';
import { SecretFunction } from './secret-function';
import { VALUE_CHANGED } from './value-changed';

/** A secret that a person fills, and has to fill anew. */
export interface FilledByHandProps {
  readonly description: string;
  readonly secretName: string;
  /** Whose it is. */
  readonly environment: string;
  readonly encryptionKey: kms.IKey;
  /** After how many days its value is too old. */
  readonly days: number;
  /** Why nothing renews it, in a sentence. */
  readonly reason: string;
  readonly removalPolicy: RemovalPolicy;
}

/** An empty secret, which says in the template until when somebody has to have filled it anew. */
export function secretFilledByHand(parent: Construct, props: FilledByHandProps): secrets.Secret {
  const { description, secretName, encryptionKey, removalPolicy } = props;
  const secret = new secrets.Secret(parent, 'Secret', { description, secretName, encryptionKey, removalPolicy: keptOnceMade(removalPolicy) });
  answerAwsSolutions(secret, 'SMG4', props.reason);
  const resource = secret.node.defaultChild as secrets.CfnSecret;
  // What CloudFormation would make up opens nothing, and would look as if it did.
  resource.addPropertyDeletionOverride('GenerateSecretString');
  resource.addMetadata(ROTATION_BY_ISSUER_METADATA, props.days);
  fillByHand(secret);
  markEnvironment(secret, parent, props.environment);
  return secret;
}

/** Whose ages are told. */
export interface AgesProps {
  readonly secrets: readonly secrets.ISecret[];
  /** What stands behind "Tells how old". */
  readonly what: string;
  /** Of the function's log. */
  readonly removalPolicy: RemovalPolicy;
}

/** Has the age of secrets told once a day, by a function that cannot read them. @returns how many of its runs failed, in five minutes */
export function tellAges(parent: Construct, { secrets: aged, what, removalPolicy }: AgesProps): cloudwatch.Metric {
  const arns = aged.map(({ secretArn }) => secretArn);
  const age = new SecretFunction(parent, 'Age', {
    description: `Tells how old ${what}; cannot read it`,
    asset: 'secret-age',
    timeout: Duration.minutes(1),
    environment: { [AGE_SECRETS_VARIABLE]: Stack.of(parent).toJsonString(arns.map((arn): AgedSecret => ({ secretArn: arn, metricName: arn }))) },
    removalPolicy,
  });
  age.role.addToPrincipalPolicy(new iam.PolicyStatement({ sid: 'VersionsWithoutValues', actions: ['secretsmanager:ListSecretVersionIds'], resources: arns }));
  const description = `Tells how old ${what}`;
  const tells = [new targets.LambdaFunction(age.handler)];
  new events.Rule(parent, 'Daily', { description, schedule: events.Schedule.rate(Duration.days(1)), targets: tells });
  // Else the alarm on an empty secret would stand for a day after it was filled.
  new events.Rule(parent, 'Filled', { description, eventPattern: { ...VALUE_CHANGED, resources: arns }, targets: tells });
  return age.handler.metricErrors({ period: Duration.minutes(5), statistic: 'Sum' });
}
