import { judge } from '../../../src/checks/judge';
import { RULES } from '../../../src/checks/rules';
import type { Json, JsonMap, Template } from '../../../src/checks/template/template';

/** A template of these resources, in which the parameter Later is known only to a deployment. */
const template = (resources: JsonMap): Template => ({ name: 'Stack', body: { Parameters: { Later: { Type: 'String' } }, Resources: resources } });

const LATER = { Ref: 'Later' };

const DATABASE: JsonMap = {
  Database: { Type: 'AWS::RDS::DBInstance', Properties: { DBSubnetGroupName: { Ref: 'Subnets' } } },
  Subnets: { Type: 'AWS::RDS::DBSubnetGroup', Properties: { SubnetIds: LATER } },
};

const SERVICE: JsonMap = {
  Service: {
    Type: 'AWS::ECS::Service',
    Properties: { LoadBalancers: [{ TargetGroupArn: { Ref: 'Target' } }], NetworkConfiguration: { AwsvpcConfiguration: { SecurityGroups: [{ Ref: 'Group' }] } } },
  },
  Group: { Type: 'AWS::EC2::SecurityGroup', Properties: { SecurityGroupIngress: [{ IpProtocol: '-1', SourceSecurityGroupId: 'sg-1' }] } },
  Target: { Type: 'AWS::ElasticLoadBalancingV2::TargetGroup' },
  Listener: { Type: 'AWS::ElasticLoadBalancingV2::Listener', Properties: { LoadBalancerArn: LATER, DefaultActions: [{ TargetGroupArn: { Ref: 'Target' } }] } },
};

const RULE: JsonMap = {
  Rule: { Type: 'AWS::ElasticLoadBalancingV2::ListenerRule', Properties: { ListenerArn: { Ref: 'Listener' }, Actions: [{ Type: 'forward' }] } },
  Listener: { Type: 'AWS::ElasticLoadBalancingV2::Listener', Properties: { Protocol: LATER } },
};

describe('what is not known of a neighbour is reported at the place in the neighbour', () => {
  test.each<[string, string, JsonMap, string]>([
    ['NET-1.private-database', 'Database', DATABASE, 'Subnets.Properties.SubnetIds'],
    ['NET-2.service-behind-load-balancer', 'Service', SERVICE, 'Listener.Properties.LoadBalancerArn'],
    ['TLS-1.https-listener', 'Rule', RULE, 'Listener.Properties.Protocol'],
    ['TLS-1.https-listener', 'Listener', RULE, 'Properties.Protocol'],
    ['NET-1.private-subnets', 'Subnets', DATABASE, 'Properties.SubnetIds'],
  ])('%s of %s', (ruleId, logicalId, resources, path) => {
    const { findings } = judge([template(resources)], { rules: RULES.filter(({ id }) => id === ruleId) });
    expect(findings.filter((finding) => finding.logicalId === logicalId).map(({ path: at }) => at)).toEqual([path]);
  });
});

test('a listener that is in none of the templates is one fact, and one finding', () => {
  const notFound: Json = { Type: 'fixed-response', FixedResponseConfig: { StatusCode: '404' } };
  const findings = [LATER, { 'Fn::ImportValue': 'Listener' }, 'arn:aws:elasticloadbalancing:eu-central-1:111122223333:listener/app/other/0/0'].map((arn) =>
    judge([template({ Rule: { Type: 'AWS::ElasticLoadBalancingV2::ListenerRule', Properties: { ListenerArn: arn, Actions: [notFound] } } })]).findings.map(({ rule }) => rule));
  expect(findings).toEqual([1, 2, 3].map(() => ['TLS-1.https-listener[undecidable]']));
});
