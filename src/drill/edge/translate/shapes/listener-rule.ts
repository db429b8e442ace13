import { list, map, mapped, NAMES, refused, type Shape } from '../treatment';
import { ACTION } from './actions';

const REGEX = refused('the drill does not know which expressions this is: how AWS reads them is not the same everywhere');

/** AWS: "Condition types for listener rules". */
const CONDITION: Shape = {
  Field: mapped,
  Values: mapped,
  RegexValues: REGEX,
  HostHeaderConfig: map(() => ({ Values: mapped, RegexValues: REGEX })),
  PathPatternConfig: map(() => ({ Values: mapped, RegexValues: REGEX })),
  HttpHeaderConfig: map(() => ({ HttpHeaderName: mapped, Values: mapped, RegexValues: REGEX })),
  HttpRequestMethodConfig: map(() => ({ Values: mapped })),
  QueryStringConfig: map(() => ({ Values: list(() => ({ Key: mapped, Value: mapped })) })),
  SourceIpConfig: map(() => ({ Values: mapped, IpAddressType: refused('only network load balancers take it') })),
};

/** AWS: "AWS::ElasticLoadBalancingV2::ListenerRule" of the CloudFormation template reference. */
export const LISTENER_RULE: Shape = {
  ListenerArn: mapped,
  Priority: mapped,
  Conditions: list(() => CONDITION),
  Actions: list(() => ACTION),
  Transforms: refused('the drill does not know how a rule rewrites hosts and paths'),
  Tags: NAMES,
};
