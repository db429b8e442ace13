import { Duration, Validations } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as ecs from 'aws-cdk-lib/aws-ecs';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as s3 from 'aws-cdk-lib/aws-s3';
import * as secretsmanager from 'aws-cdk-lib/aws-secretsmanager';
import { AlarmTopic, Egress, LlmProvider, PrivateNetwork, Recipient, Rotation } from '../../../src';
import { built, type Draw, factoriesOf, listOf, mapped, memberOf, type Site, text, whole } from './draw';

export const ACCOUNT = '111122223333';
export const REGION = 'eu-central-1';
export const ENVIRONMENT = 'staging';
export const DOMAIN = 'core.acme.internal';

/** What a rule leaves to people to decide, decided. */
export function acknowledged<T>(draw: Draw<T>, rule: string, reason: string): Draw<T> {
  return mapped(draw, `acknowledged ${rule}`, (value, site) => {
    Validations.of(site.stack).acknowledge({ id: `SecureCore::${rule}`, reason });
    return value;
  });
}

export const seconds = (least: number, most: number): Draw<Duration> => mapped(whole(least, most), 'seconds', (count) => Duration.seconds(Math.max(0, Number.isNaN(count) ? 0.5 : count)));
export const days = (least: number, most: number): Draw<Duration> => mapped(whole(least, most), 'days', (count) => Duration.days(Math.max(0, Number.isNaN(count) ? 0.5 : count)));

/** A secret of the environment, which is there already. */
export const aSecret = (name: string): Draw<secretsmanager.ISecret> => built(`secret ${name}`,
  (site) => site.one(`secret ${name}`, () => secretsmanager.Secret.fromSecretNameV2(site.place('Secret'), 'Named', `${ENVIRONMENT}/${name}`)));
export const aContainerSecret = (name: string): Draw<ecs.Secret> => mapped(aSecret(name), 'container', (secret) => ecs.Secret.fromSecretsManager(secret));
export const aKey: Draw<kms.IKey> = built('key',
  (site) => site.one('key', () => kms.Key.fromKeyArn(site.place('Key'), 'Named', `arn:aws:kms:${REGION}:${ACCOUNT}:key/1f2e3d4c-5b6a-4978-8c9d-0e1f2a3b4c5d`)));
export const aBucket: Draw<s3.IBucket> = built('bucket', (site) => s3.Bucket.fromBucketAttributes(site.place('Bucket'), 'Named', { bucketName: 'acme-logs', region: REGION }));
export const alarmTopicOf = (site: Site): AlarmTopic => site.one('alarms', () => new AlarmTopic(site.stack, 'Alarms', { recipients: [Recipient.email('oncall@acme.com')] }));
export const aGroup = (site: Site): ec2.ISecurityGroup => ec2.SecurityGroup.fromSecurityGroupId(site.place('Group'), 'Named', 'sg-0123456789abcdef0');

/** The network that several props name where one of them is given. */
export const networkOf = (site: Site): PrivateNetwork => site.one('network', () => new PrivateNetwork(site.stack, 'Network', {
  ingressReachesInternet: true,
  coreEgress: Egress.providers(...Object.values(LlmProvider)).and(Egress.allowDomains(['.acme.com', '.supabase.co', 'github.com', 'api.github.com', '.sentry.io'])),
}));

export const anEgress: Draw<Egress> = factoriesOf<typeof Egress, Egress>('Egress', {
  none: built('none', () => Egress.none()),
  allowDomains: mapped(listOf(text(['api.acme.com', '.acme.org', 'example.com'], 'https://api.acme.com', '*'), 1, 3), 'domains', (domains) => Egress.allowDomains(domains)),
  providers: mapped(listOf(memberOf('LlmProvider', LlmProvider), 1, 3), 'providers', (providers) => Egress.providers(...providers)),
});

const REASON = text(['Renewed by hand each quarter with the vendor, by the runbook.'], ' ', 'x');
export const aReason = REASON;
export const aRotation: Draw<Rotation> = factoriesOf<typeof Rotation, Rotation>('Rotation', {
  every: mapped(days(1, 90), 'every', (cadence) => Rotation.every(cadence)),
  never: mapped(REASON, 'reason', (reason) => Rotation.never(reason)),
}, 'never');
