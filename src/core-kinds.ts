import { Authorizer } from './authorizer/authorizer';
import { having, instance, type Kind, list, member, options } from './check-kinds';
import { Exposure } from './ingress/exposure';
import { Egress } from './network/egress';
import { Size } from './size';

/** What a Core is given, whichever way it is built. */
export const CORE_KINDS = {
  alarmTopic: having('topicArn', 'Name who is told when it is attacked or fails: new AlarmTopic(this, \'Alarms\', { recipients: [Recipient.email(…)] }), or a topic that is there already.'),
  size: member(Size, 'Name Size.DEV, Size.STANDARD or Size.PRODUCTION, or leave it out.'),
  exposure: member(Exposure, 'Name Exposure.ON or Exposure.OFF, or leave it out.'),
  network: having('vpc', 'Name a PrivateNetwork, or leave it out.'),
  egress: instance(Egress, 'Name Egress.providers(…), Egress.allowDomains(…) or Egress.none(), or leave it out.'),
  stores: list('List stores that a Core is given, such as [postgres.addUser(…)], or leave it out.'),
  gate: options('Name options of the gate, such as { coreKey }, or leave it out.'),
  audit: having('hot', 'Name an AuditTrail, or leave it out.'),
  cluster: having('clusterArn', 'Name a cluster of Amazon ECS, or leave it out.'),
  encryptionKey: having('keyArn', 'Name a key of AWS KMS, or leave it out.'),
  permissionsBoundary: having('managedPolicyArn', 'Name a managed policy, or leave it out.'),
  alarmThresholds: options('Name thresholds, such as { refusals: 50 }, or leave it out.'),
} as const satisfies Readonly<Record<string, Kind>>;

export const AUTHORIZER = instance(Authorizer, 'Name who a caller must prove to be: Authorizer.jwt(…), Authorizer.cognito(…) or Authorizer.mtls(…). There is none that lets anybody through.');
