import * as ecs from 'aws-cdk-lib/aws-ecs';
import { ManagedPolicy } from 'aws-cdk-lib/aws-iam';
import { type AlarmThresholds, AuditTrail, CallTrail, Exposure, type ProfiledCoreProps, Rollout, SecureRedis, Size, TrailCoverage } from '../../../src';
import { aContainer, anImage, byHand } from './container';
import { built, type Draw, factoriesOf, flag, mapped, memberOf, mostly, perhaps, propsOf, text, whole } from './draw';
import { aGate } from './gate';
import { anIngress } from './ingress';
import { aProfile } from './profiles';
import { ACCOUNT, acknowledged, aKey, alarmTopicOf, anEgress, aReason, days, ENVIRONMENT, networkOf, seconds } from './values';

const percent = whole(1, 100);
const count = whole(1, 5000);

const thresholds: Draw<AlarmThresholds> = propsOf<AlarmThresholds>('AlarmThresholds', {
  authFailures: perhaps(count),
  authFailurePercent: perhaps(percent),
  refusalsOfOneCaller: perhaps(count),
  webAclBlocks: perhaps(count),
  limitHits: perhaps(count),
  clientErrorPercent: perhaps(percent),
  serverErrorPercent: perhaps(percent),
  leastRequests: perhaps(count),
  keySetAge: perhaps(seconds(300, 3600)),
  certificateExpiry: perhaps(days(7, 60)),
  fullPercent: perhaps(percent),
  busyPercent: perhaps(percent),
  freeStoragePercent: perhaps(whole(1, 50)),
});

export const someProps: Draw<ProfiledCoreProps> = propsOf<ProfiledCoreProps>('ProfiledCoreProps', {
  profile: aProfile,
  environment: text([ENVIRONMENT], 'Staging', ''),
  image: anImage,
  ingress: anIngress,
  alarmTopic: built('topic', alarmTopicOf),
  internetFacing: perhaps(acknowledged(flag, 'NET-7.internal', 'Partners call it by the internet.'), 20),
  size: perhaps(memberOf('Size', Size)),
  container: perhaps(mostly(aContainer, byHand('DEBUG'), byHand('TGEFD_AUTH_MODE'), byHand('ENV'))),
  stores: perhaps(built('another redis', (site) => [new SecureRedis(site.place('Redis'), 'Redis', { network: networkOf(site) }).addUser('User', { keyPrefix: 'core', commands: ['get', 'set'] })]), 5),
  egress: perhaps(anEgress, 20),
  gate: perhaps(aGate),
  exposure: perhaps(memberOf('Exposure', Exposure)),
  network: perhaps(built('network', networkOf), 15),
  cluster: perhaps(built('cluster', (site) => new ecs.Cluster(site.place('Cluster'), 'Cluster', { vpc: networkOf(site).vpc, containerInsightsV2: ecs.ContainerInsights.ENABLED })), 5),
  audit: perhaps(built('audit', (site) => new AuditTrail(site.place('Trail'), 'Trail', { alarmTopic: alarmTopicOf(site), keyPrefixes: ['tom_', 'acme_'] })), 20),
  trail: perhaps(factoriesOf<typeof TrailCoverage, TrailCoverage>('TrailCoverage', {
    trail: built('calls', (site) => TrailCoverage.trail(new CallTrail(site.place('Calls'), 'Calls').trail)),
    declared: mapped(aReason, 'declared', (reason) => TrailCoverage.declared(reason)),
  })),
  alarmThresholds: perhaps(thresholds),
  rollout: perhaps(factoriesOf<typeof Rollout, Rollout>('Rollout', { automatic: built('automatic', () => Rollout.automatic()), none: mapped(aReason, 'none', (reason) => Rollout.none(reason)) })),
  encryptionKey: perhaps(aKey),
  permissionsBoundary: perhaps(built('boundary', (site) => ManagedPolicy.fromManagedPolicyArn(site.place('Boundary'), 'Named', `arn:aws:iam::${ACCOUNT}:policy/boundary`))),
});
