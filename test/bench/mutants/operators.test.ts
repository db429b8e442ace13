import { mutantsOf } from '../../../bench/mutants/mutate';
import { SchemaBook } from '../../../bench/mutants/schema';
import { isJsonMap, type Json, type JsonMap } from '../../../src/checks/template/template';
import { template } from '../../support/templates';

const book = SchemaBook.open();

const mutants = (resources: JsonMap): ReturnType<typeof mutantsOf> => mutantsOf(template(resources), book);
const ids = (resources: JsonMap): string[] => mutants(resources).map(({ id }) => id.replace('Stack/', ''));
const one = (Type: string, Properties: JsonMap): JsonMap => ({ One: { Type, Properties } });

/** The places at which two values differ, an absent one counted as one place. */
function differences(a: Json | undefined, b: Json | undefined, at = ''): string[] {
  if (JSON.stringify(a) === JSON.stringify(b)) return [];
  if (Array.isArray(a) && Array.isArray(b) && a.length !== b.length) return [at];
  if (a === undefined || b === undefined || typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return [at];
  const [left, right] = [a, b] as [Record<string, Json>, Record<string, Json>];
  return [...new Set([...Object.keys(left), ...Object.keys(right)])].flatMap((key) => differences(left[key], right[key], `${at}.${key}`));
}

const LISTENER = one('AWS::ElasticLoadBalancingV2::Listener', {
  LoadBalancerArn: 'arn', Protocol: 'HTTPS', Port: 443, Certificates: [{ CertificateArn: 'arn' }],
  DefaultActions: [{ Type: 'fixed-response', FixedResponseConfig: { StatusCode: '404' } }],
  ListenerAttributes: [{ Key: 'routing.http.response.server.enabled', Value: 'false' }],
  MutualAuthentication: { Mode: 'verify', TrustStoreArn: 'arn', IgnoreClientCertificateExpiry: false },
});

describe('mutants of a template', () => {
  test('what the schema requires stays, what it does not require goes', () => {
    const made = ids(LISTENER);
    expect(made).toContain('One/Properties.Certificates#delete');
    expect(made).not.toContain('One/Properties.LoadBalancerArn#delete');
    expect(made).not.toContain('One/Properties.DefaultActions[0].Type#delete');
  });

  test('booleans turn round, as text in settings too', () => {
    expect(ids(LISTENER)).toEqual(expect.arrayContaining([
      'One/Properties.MutualAuthentication.IgnoreClientCertificateExpiry#flip',
      'One/Properties.ListenerAttributes[routing.http.response.server.enabled].Value#flip',
    ]));
  });

  test('an enum becomes each other value that the schema lists', () => {
    const made = ids(LISTENER).filter((id) => id.startsWith('One/Properties.Protocol#='));
    expect(made).toContain('One/Properties.Protocol#=HTTP');
    expect(made).not.toContain('One/Properties.Protocol#=HTTPS');
  });

  test('numbers go to the ends of the schema, up and down, and stay within it', () => {
    const acl = one('AWS::WAFv2::WebACL', {
      Scope: 'REGIONAL', DefaultAction: { Allow: {} }, VisibilityConfig: { CloudWatchMetricsEnabled: true, MetricName: 'm', SampledRequestsEnabled: false },
      Rules: [{ Name: 'rate', Priority: 1, VisibilityConfig: {}, Statement: { RateBasedStatement: { AggregateKeyType: 'IP', Limit: 50 } } }],
    });
    const limits = mutants(acl).filter(({ path }) => path.endsWith('.Limit')).map(({ operator, template: { body } }) => {
      const text = /"Limit":(\d+)/.exec(JSON.stringify(body))?.[1];
      return `${operator} ${text ?? ''}`;
    });
    expect(limits).toEqual(['min 10', 'max 2000000000', 'times 1000 50000']);
  });

  test('address blocks, ports and protocols widen', () => {
    const port = { IpProtocol: 'tcp', FromPort: 443, ToPort: 443 };
    const group = one('AWS::EC2::SecurityGroup', { GroupDescription: 'g', SecurityGroupIngress: [{ ...port, CidrIp: '10.0.0.0/8' }, { ...port, CidrIpv6: 'fd00::/8' }] });
    expect(ids(group)).toEqual(expect.arrayContaining([
      'One/Properties.SecurityGroupIngress[0].CidrIp#widen to 0.0.0.0/0', 'One/Properties.SecurityGroupIngress[1].CidrIpv6#widen to ::/0',
      'One/Properties.SecurityGroupIngress[0].FromPort#widen to 0', 'One/Properties.SecurityGroupIngress[0].ToPort#widen to 65535', 'One/Properties.SecurityGroupIngress[0].IpProtocol#widen to -1',
    ]));
  });

  test('of a group of which the schema wants one, the only member stays', () => {
    const group = one('AWS::EC2::SecurityGroup', { GroupDescription: 'g', SecurityGroupIngress: [{ IpProtocol: 'tcp', FromPort: 443, ToPort: 443, CidrIp: '10.0.0.0/8' }] });
    expect(ids(group)).not.toContain('One/Properties.SecurityGroupIngress[0].CidrIp#delete');
    expect(ids(group)).toContain('One/Properties.SecurityGroupIngress[0]#remove');
  });

  test('what ties resources together goes: a reference, or the whole resource, and the waits for it', () => {
    const made = mutants({
      Balancer: { Type: 'AWS::ElasticLoadBalancingV2::LoadBalancer', Properties: { SecurityGroups: [{ 'Fn::GetAtt': ['Group', 'GroupId'] }] }, DependsOn: ['Association'] },
      Group: { Type: 'AWS::EC2::SecurityGroup', Properties: { GroupDescription: 'g' } },
      Acl: { Type: 'AWS::WAFv2::WebACL', Properties: { Scope: 'REGIONAL' } },
      Association: { Type: 'AWS::WAFv2::WebACLAssociation', Properties: { ResourceArn: { Ref: 'Balancer' }, WebACLArn: { 'Fn::GetAtt': ['Acl', 'Arn'] } } },
    });
    expect(made.map(({ id }) => id)).toContain('Stack/Balancer/Properties.SecurityGroups[0]#detach');
    expect(made.map(({ id }) => id)).not.toContain('Stack/Association/Properties.ResourceArn#detach');
    const dropped = made.find(({ id }) => id === 'Stack/Association/Properties#drop')?.template.body.Resources;
    expect(isJsonMap(dropped) && isJsonMap(dropped.Balancer) ? [Object.keys(dropped), dropped.Balancer.DependsOn] : []).toEqual([['Balancer', 'Group', 'Acl'], []]);
    expect(made.some(({ operator, logicalId }) => operator === 'drop' && logicalId === 'Group')).toBe(false);
  });

  test('policies allow everything, to everybody, under no condition, and deny nothing', () => {
    const policy = one('AWS::IAM::ManagedPolicy', {
      PolicyDocument: {
        Version: '2012-10-17',
        Statement: [{ Effect: 'Allow', Action: 's3:GetObject', Resource: 'arn', Condition: { Bool: {} } }, { Sid: 'Tls', Effect: 'Deny', Action: '*', Resource: '*', Condition: { Bool: {} } }],
      },
    });
    expect(ids(policy).filter((id) => id.includes('Statement'))).toEqual([
      'One/Properties.PolicyDocument.Statement[0].Action#widen to *', 'One/Properties.PolicyDocument.Statement[0].Resource#widen to *', 'One/Properties.PolicyDocument.Statement[0].Condition#delete',
      'One/Properties.PolicyDocument.Statement[Tls]#remove', 'One/Properties.PolicyDocument.Statement[Tls].Effect#=Allow',
    ]);
  });

  test('each differs from the base in one place, has an id of its own, and leaves the base as it was', () => {
    const before = JSON.stringify(LISTENER);
    const made = mutants(LISTENER);
    expect(made.length).toBeGreaterThan(30);
    expect(made.map(({ template: { body } }) => differences(LISTENER, body.Resources).length)).toEqual(made.map(() => 1));
    expect(new Set(made.map(({ id }) => id)).size).toBe(made.length);
    expect(JSON.stringify(LISTENER)).toBe(before);
  });

  test('the same come out in every run', () => {
    const again = (): string => JSON.stringify(mutantsOf(template(LISTENER), SchemaBook.open()));
    expect(again()).toBe(again());
  });

  test('intrinsic functions are left whole, and types without a schema alone', () => {
    const made = ids(one('AWS::ElasticLoadBalancingV2::Listener', { LoadBalancerArn: 'arn', DefaultActions: [], Port: { Ref: 'Port' } }));
    expect(made.filter((id) => id.includes('Port'))).toEqual(['One/Properties.Port#detach']);
    expect(ids(one('Custom::Thing', { Enabled: true }))).toEqual([]);
  });
});
