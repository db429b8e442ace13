import { ELSEWHERE_METADATA } from '../../observability/alarm-contract';
import { defineRule, each, expect, fail, guarded, NOT_APPLICABLE, type Outcome, PASS, undecidable } from '../rule';
import type { Property } from '../template/property';
import type { Resource } from '../template/resource';
import type { TemplateGraph } from '../template/template-graph';
import { Reference } from '../template/value';
import { ALARM, COMPOSITE_ALARM } from './alarms';
import { isSure } from './gate-targets';
import { looseIn } from './pointers';
import { allowedIn, isEverybody, listOf, mayCall } from './policies';
import { metadataText } from './secrets';

const TOPIC = 'AWS::SNS::Topic';
const SUBSCRIPTION = 'AWS::SNS::Subscription';
const KEY = 'AWS::KMS::Key';
const ALIAS = 'AWS::KMS::Alias';

/** Whether it does anything when it sounds. */
const acts = (alarm: Resource): boolean => alarm.prop('ActionsEnabled').flag() !== false && alarm.prop('AlarmActions').items().length > 0;

/** What lets an alarm of several stay silent while one of them sounds (CloudWatch API, PutCompositeAlarm). */
const MORE_THAN_ONE = /\b(AND|NOT|AT_LEAST)\b/;

/** The names and ARNs of alarms that a rule asks whether they sound; `OK(…)` asks for the opposite. */
const soundingIn = (rule: string): string[] => [...rule.matchAll(/\bALARM\(\s*(?:"([^"]*)"|([^)"\s]*))\s*\)/g)].map(([, quoted, bare]) => quoted ?? bare ?? '');

/** Whether an alarm of several sounds when this one does, which it names by its ARN or by its name. */
function isCountedBy(composite: Resource, alarm: Resource): boolean {
  const { text } = composite.prop('AlarmRule').partialText();
  if (MORE_THAN_ONE.test(text.replace(/"[^"]*"/g, ''))) return false;
  const name = alarm.prop('AlarmName').partialText().text;
  return soundingIn(text).some((one) => one === `\${${alarm.logicalId}.Arn}` || one === `\${${alarm.logicalId}}` || (name !== '' && (one === name || one.endsWith(`:alarm:${name}`))));
}

const actions = defineRule('MON-6', 'actions', {
  appliesTo: [ALARM, COMPOSITE_ALARM],
  extent: 'what an alarm does by itself, or by a composite alarm that counts it in',
  remediation: 'Name a topic in AlarmActions, and leave ActionsEnabled on.',
  check(alarm, graph) {
    if (graph.ofType(COMPOSITE_ALARM).some((composite) => composite !== alarm && isSure(() => acts(composite) && isCountedBy(composite, alarm)))) return PASS;
    const enabled = alarm.prop('ActionsEnabled');
    if (enabled.flag() === false) return fail(enabled, 'is false, so nobody is told when it sounds');
    const place = alarm.prop('AlarmActions');
    return expect(place.items().length > 0, place, 'is empty, so nobody is told when it sounds');
  },
});

/** An alarm carries no attributes, so whoever asks for some hears none (Amazon SNS guide, "Amazon SNS subscription filter policies"); and nobody is somebody without an address. */
const hears = (subscription: Resource): boolean =>
  subscription.prop('Endpoint').exists && (!subscription.prop('FilterPolicy').exists || subscription.prop('FilterPolicyScope').text() === 'MessageBody');

const tells = (topic: Resource, graph: TemplateGraph): boolean => [ALARM, COMPOSITE_ALARM].some((type) => graph.pointingAt(topic, type, 'AlarmActions').length > 0);

const recipients = defineRule('MON-6', 'recipients', {
  appliesTo: [TOPIC],
  extent: 'topics that alarms of the templates name',
  remediation: `Add an AWS::SNS::Subscription, or say in Metadata ${ELSEWHERE_METADATA} where its recipients are subscribed. In CDK, AlarmTopic asks for them.`,
  check(topic, graph) {
    if (!tells(topic, graph)) return NOT_APPLICABLE;
    const subscriptions = graph.pointingAt(topic, SUBSCRIPTION, 'TopicArn');
    if (topic.prop('Subscription').items().length > 0 || subscriptions.some(hears)) return PASS;
    const elsewhere = metadataText(topic, ELSEWHERE_METADATA);
    if (elsewhere !== undefined && elsewhere !== '') return PASS;
    const [loose] = looseIn(graph, SUBSCRIPTION, 'TopicArn');
    if (loose) return undecidable(topic.whole, `may be what ${loose.logicalId} subscribes to: its topic only a deployment knows`);
    const [deaf] = subscriptions;
    if (deaf) return fail(topic.whole, `tells nobody: ${deaf.logicalId} has no endpoint, or takes messages with certain attributes alone, and an alarm has none`);
    return fail(topic.whole, 'tells nobody: alarms name it, and nothing is subscribed to it');
  },
});

/** What Amazon SNS does with a key in the name of whoever publishes (Amazon SNS guide, "Key management"). */
const USES = ['kms:Decrypt', 'kms:GenerateDataKey'];

function namesCloudWatch(statement: Property): boolean {
  if (isEverybody(statement)) return true;
  const service = statement.get('Principal').get('Service');
  return service.exists && listOf(service).some((name) => name.partialText().text === 'cloudwatch.amazonaws.com');
}

function letsCloudWatch(key: Resource, place: Property): readonly Outcome[] {
  const allowed = allowedIn(key.prop('KeyPolicy')).filter((statement) => isSure(() => namesCloudWatch(statement)));
  const isEnough = USES.every((action) => allowed.some((statement) => mayCall(statement, [action])));
  return expect(isEnough, place, `is ${key.logicalId}, which does not let cloudwatch.amazonaws.com ${USES.join(' and ')}: every alarm is lost without a word`);
}

function keyBehind(place: Property): Resource | undefined {
  const { value } = place;
  if (!(value instanceof Reference)) return undefined;
  if (value.resource.type === KEY) return value.resource;
  return value.resource.type === ALIAS ? keyBehind(value.resource.prop('TargetKeyId')) : undefined;
}

const topicKey = defineRule('MON-6', 'topic-key', {
  appliesTo: [TOPIC],
  extent: 'topics that alarms of the templates name',
  remediation: 'Encrypt the topic by a key whose policy lets cloudwatch.amazonaws.com use kms:Decrypt and kms:GenerateDataKey*: the account\'s, alias/aws/sns, has a policy that nobody can change.',
  check(topic, graph) {
    if (!tells(topic, graph)) return NOT_APPLICABLE;
    const place = topic.prop('KmsMasterKeyId');
    if (!place.exists) return fail(place, 'is not set, so what is wrong with the Core is kept in the clear', 'warning');
    const key = keyBehind(place);
    if (key) return letsCloudWatch(key, place);
    return each([place], () => guarded(() => (
      place.text()?.endsWith('alias/aws/sns') ? fail(place, 'is the account\'s own key, which CloudWatch may not use: every alarm is lost without a word')
        : undecidable(place, 'is a key of another place: whether its policy lets cloudwatch.amazonaws.com use it is in none of the templates'))));
  },
});

/** Where a topic's policy stands, and by which property it names the topic. */
const POLICIES: readonly (readonly [type: string, property: string])[] = [['AWS::SNS::TopicPolicy', 'Topics'], ['AWS::SNS::TopicInlinePolicy', 'TopicArn']];

/** A topic takes what its account publishes until it has a policy; then, what that allows (re:Post, "Why didn't I receive an SNS notification for my CloudWatch alarm trigger?"). */
const topicPolicy = defineRule('MON-6', 'topic-policy', {
  appliesTo: [TOPIC],
  extent: 'topics that alarms of the templates name, where they have a policy of their own',
  remediation: 'Allow cloudwatch.amazonaws.com sns:Publish in the topic\'s policy: enforceSSL of the CDK\'s Topic writes one that allows nobody anything.',
  check(topic, graph) {
    const policies = POLICIES.flatMap(([type, property]) => graph.pointingAt(topic, type, property));
    if (!tells(topic, graph) || policies.length === 0) return NOT_APPLICABLE;
    const outcomes = each(policies, (policy) =>
      (allowedIn(policy.prop('PolicyDocument')).some((statement) => namesCloudWatch(statement) && mayCall(statement, ['sns:Publish'])) ? PASS : NOT_APPLICABLE));
    return outcomes.length > 0 ? outcomes : fail(topic.whole, 'has a policy that does not let cloudwatch.amazonaws.com sns:Publish: every alarm is lost without a word');
  },
});

export const MON_RECIPIENT_RULES = [actions, recipients, topicKey, topicPolicy];
