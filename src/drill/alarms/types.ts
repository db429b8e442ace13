/** CloudFormation types that are read here. */
export const ALARM = 'AWS::CloudWatch::Alarm';
export const COMPOSITE_ALARM = 'AWS::CloudWatch::CompositeAlarm';
export const INSIGHT_RULE = 'AWS::CloudWatch::InsightRule';
export const TOPIC = 'AWS::SNS::Topic';
export const TOPIC_POLICY = 'AWS::SNS::TopicPolicy';
export const SUBSCRIPTION = 'AWS::SNS::Subscription';
export const KMS_KEY = 'AWS::KMS::Key';
