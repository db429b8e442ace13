import { type Claims, ENVIRONMENTS, inContainers, LISTENER, LISTENER_RULE, LOAD_BALANCER, TARGET_GROUP, TASK } from './claim';

const ALARM = 'AWS::CloudWatch::Alarm';
const COMPOSITE_ALARM = 'AWS::CloudWatch::CompositeAlarm';

/** What an alarm looks at. */
const LOOKS_AT = { type: ALARM, properties: ['MetricName', 'Namespace', 'Dimensions', 'Metrics'] };

/** Alarms, who hears them, and what leaves a task besides. What is said of metrics themselves stands with the ports that show them. */
export const MON_CLAIMS: Claims = {
  'MON-1': [
    { type: LOAD_BALANCER, properties: ['Type', 'LoadBalancerAttributes', 'Listeners'] },
    { type: LISTENER, properties: ['DefaultActions'] },
    { type: LISTENER_RULE, properties: ['Actions'] },
    LOOKS_AT,
  ],
  'MON-2': [
    { type: TASK, properties: inContainers('Environment', 'LogConfiguration') },
    { type: LOAD_BALANCER, properties: ['LoadBalancerAttributes'] },
    { type: 'AWS::WAFv2::WebACL', properties: ['Rules', 'VisibilityConfig'] },
    { type: 'AWS::Logs::MetricFilter', properties: ['LogGroupName', 'FilterPattern', 'MetricTransformations'] },
    LOOKS_AT,
  ],
  'MON-4': ENVIRONMENTS,
  'MON-5': ENVIRONMENTS,
  'MON-6': [
    { type: ALARM, properties: ['ActionsEnabled', 'AlarmActions', 'AlarmName'] },
    { type: COMPOSITE_ALARM, properties: ['ActionsEnabled', 'AlarmActions', 'AlarmRule'] },
    { type: 'AWS::SNS::Topic', properties: ['KmsMasterKeyId', 'Subscription'] },
    { type: 'AWS::SNS::Subscription', properties: ['TopicArn'] },
    { type: 'AWS::KMS::Key', properties: ['KeyPolicy'] },
    { type: 'AWS::KMS::Alias', properties: ['TargetKeyId'] },
  ],
  'MON-7': [
    { type: TASK, properties: inContainers('Environment', 'LogConfiguration') },
    { type: 'AWS::Logs::QueryDefinition', properties: ['LogGroupNames', 'QueryString'] },
  ],
  'MON-8': [{ type: TARGET_GROUP, properties: ['HealthCheckPath', 'HealthCheckProtocol', 'HealthCheckEnabled', 'Matcher', 'Protocol', 'TargetType'] }],
};
