import { isJsonMap, type Json, type JsonMap } from '../../../src/checks/template/template';
import { at } from '../json';
import { become, type Fault, items } from './fault';

const WEB_ACL = 'AWS::WAFv2::WebACL';
const LOGGING = 'AWS::WAFv2::LoggingConfiguration';
const BALANCER = 'AWS::ElasticLoadBalancingV2::LoadBalancer';

type Edit = (rule: JsonMap) => JsonMap;

const VISIBILITY = { CloudWatchMetricsEnabled: true, MetricName: 'office', SampledRequestsEnabled: false };
const OFFICE = { Name: 'office', Action: { Allow: {} }, Statement: { GeoMatchStatement: { CountryCodes: ['DE'] } }, VisibilityConfig: VISIBILITY };

const rateOf = (rule: Json): Json | undefined => at(rule, ['Statement', 'RateBasedStatement']);
const isRate = (rule: Json): boolean => rateOf(rule) !== undefined;
const isLockdown = (rule: Json): boolean => isJsonMap(rule) && String(rule.Name).toLowerCase() === 'lockdown';
const hasRate = ({ Rules }: JsonMap): boolean => items(Rules).some(isRate);
const isSplit = ({ Rules }: JsonMap): boolean => items(Rules).filter((rule) => at(rateOf(rule), ['ScopeDownStatement']) !== undefined).length > 1;
const priorityOf = (rule: Json): number => Number(at(rule, ['Priority']));

/** Does something to every rule of a kind: one that is left as it was may do the work of the others. */
const inEvery = (is: (rule: Json) => boolean, edit: Edit) => (old: Json | undefined): Json => items(old).map((rule) => (isJsonMap(rule) && is(rule) ? edit(rule) : rule));
const inRates = (edit: Edit): ((old: Json | undefined) => Json) => inEvery(isRate, (rule) => {
  const rate = rateOf(rule);
  return { ...rule, Statement: { RateBasedStatement: edit(isJsonMap(rate) ? rate : {}) } };
});

/** Puts a rule that allows before the nth of those that count, and moves what follows. */
const allowBefore = (nth: number) => (old: Json | undefined): Json => {
  const rules = items(old);
  const place = rules.filter(isRate).map(priorityOf).sort((a, b) => a - b)[nth] ?? 0;
  const moved = rules.map((rule) => (isJsonMap(rule) && priorityOf(rule) >= place ? { ...rule, Priority: priorityOf(rule) + 1 } : rule));
  return [...moved, { ...OFFICE, Priority: place }];
};

const onRules = (name: string, control: 'RTL-1' | 'RTL-5' | 'INC-1', change: (old: Json | undefined) => Json, when: (acl: JsonMap) => boolean): Fault => ({
  name, control, type: WEB_ACL, when, path: ['Rules'], change,
});

/** RTL-1, with M-14 and M-60; RTL-5. */
const FLOOD: readonly Fault[] = [
  onRules('counts instead of blocking', 'RTL-1', inEvery(isRate, (rule) => ({ ...rule, Action: { Count: {} } })), hasRate),
  onRules('rate by a header', 'RTL-1', inRates((rate) => ({ ...rate, AggregateKeyType: 'CUSTOM_KEYS' })), hasRate),
  onRules('rate by who somebody says he is', 'RTL-5', inRates((rate) => ({
    ...rate, AggregateKeyType: 'CUSTOM_KEYS', CustomKeys: [{ Header: { Name: 'x-client-id', TextTransformations: [] } }],
  })), hasRate),
  onRules('rate by an address that anybody forges', 'RTL-5', inRates((rate) => ({
    ...Object.fromEntries(Object.entries(rate).filter(([key]) => key !== 'ScopeDownStatement')),
    AggregateKeyType: 'FORWARDED_IP', ForwardedIPConfig: { HeaderName: 'x-forwarded-for', FallbackBehavior: 'MATCH' },
  })), hasRate),
  onRules('scope-down', 'RTL-1', inRates((rate) => ({ ...rate, ScopeDownStatement: { GeoMatchStatement: { CountryCodes: ['US'] } } })), hasRate),
  onRules('a limit that nobody reaches', 'RTL-1', inRates((rate) => ({ ...rate, Limit: 2_000_000_000 })), hasRate),
  onRules('allow before the rate rule', 'RTL-1', allowBefore(0), hasRate),
  onRules('allow between the halves', 'RTL-1', allowBefore(1), isSplit),
  onRules('forwarded address, unlisted passes', 'RTL-1', inRates((rate) => ({
    ...rate, AggregateKeyType: 'FORWARDED_IP', ForwardedIPConfig: { HeaderName: 'X-Forwarded-For', FallbackBehavior: 'NO_MATCH' },
  })), hasRate),
  { name: 'bound to nobody', control: 'RTL-1', type: 'AWS::WAFv2::WebACLAssociation', path: ['ResourceArn'], change: become('arn:aws:apigateway:eu-central-1::/restapis/api/stages/production') },
];

const inLockdown = (name: string, edit: Edit): Fault => onRules(name, 'INC-1', inEvery(isLockdown, edit), ({ Rules }) => items(Rules).some(isLockdown));
const setsOf = (rule: JsonMap): readonly Json[] => items(at(rule, ['Statement', 'OrStatement', 'Statements']));

/** INC-1. */
const LOCKDOWN: readonly Fault[] = [
  inLockdown('lockdown that only counts', (rule) => ({ ...rule, Action: { Count: {} } })),
  inLockdown('lockdown in the last place', (rule) => ({ ...rule, Priority: 1000 })),
  inLockdown('lockdown of IPv4 alone', (rule) => ({ ...rule, Statement: setsOf(rule)[0] ?? {} })),
  inLockdown('lockdown by a header', (rule) => ({
    ...rule,
    Statement: { OrStatement: { Statements: setsOf(rule).map((set) => ({ IPSetReferenceStatement: {
      ...(at(set, ['IPSetReferenceStatement']) as JsonMap), IPSetForwardedIPConfig: { HeaderName: 'X-Forwarded-For', FallbackBehavior: 'NO_MATCH', Position: 'FIRST' },
    } })) } },
  })),
  {
    name: 'exposure of neither kind', control: 'INC-1', type: BALANCER, when: ({ Tags }) => JSON.stringify(Tags ?? null).includes('cdk-secure-core:exposure'),
    path: ['Tags'], change: become([{ Key: 'cdk-secure-core:exposure', Value: 'maybe' }]),
  },
];

/** RED-5. */
const LOGS: readonly Fault[] = [
  { name: 'nothing redacted', control: 'RED-5', type: LOGGING, path: ['RedactedFields'], change: become([]) },
  {
    name: 'key header in the log', control: 'RED-5', type: LOGGING, when: ({ RedactedFields }) => items(RedactedFields).length > 4,
    path: ['RedactedFields'], change: (old) => items(old).filter((field) => !JSON.stringify(field).includes('tenant')),
  },
];

export const WEB_ACL_FAULTS = [...FLOOD, ...LOCKDOWN, ...LOGS];
