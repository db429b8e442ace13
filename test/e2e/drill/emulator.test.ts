import { AuthorizeSecurityGroupIngressCommand } from '@aws-sdk/client-ec2';
import { CreateListenerCommand, ModifyListenerCommand } from '@aws-sdk/client-elastic-load-balancing-v2';
import { CloudFormationClient, ValidateTemplateCommand } from '@aws-sdk/client-cloudformation';
import { DisassociateWebACLCommand, GetWebACLCommand, UpdateWebACLCommand } from '@aws-sdk/client-wafv2';
import type { JsonMap, Template } from '../../../src/checks/template/template';
import { readInput } from '../../../src/cli/inputs';
import { awsClients } from '../../../src/drill/emulator/aws-clients';
import { CREATED_BY_API } from '../../../src/drill/emulator/created-by-api';
import { deploy, type Deployment } from '../../../src/drill/emulator/deploy';
import type { Emulator } from '../../../src/drill/emulator/emulator';
import { startMinistack } from '../../../src/drill/emulator/ministack';
import { NOT_EMULATED } from '../../../src/drill/emulator/not-emulated';
import { Supervisor } from '../../../src/drill/processes/supervisor';
import { NOT_HELD } from '../../../src/drill/readback/not-held';
import { readback } from '../../../src/drill/readback/readback';
import { openToolbox } from '../../../src/drill/toolbox/toolbox';
import { LOCKDOWN_TYPE } from '../../../src/lockdown/contract';
import { MASTER_KEY_TYPE } from '../../../src/secrets/contract';
import { synthesized } from '../../support/examples';

const LISTENER = 'AWS::ElasticLoadBalancingV2::Listener';

let folder: string;
let ministack: string;
let supervisor: Supervisor;

beforeAll(async () => {
  folder = synthesized('remote-core');
  ({ ministack } = await openToolbox(() => undefined));
}, 180_000);
beforeEach(async () => {
  supervisor = await Supervisor.open();
});
afterEach(() => supervisor.stop());

const start = (): Promise<Emulator> => startMinistack({ supervisor, ministack, account: '111122223333', region: 'eu-central-1' });
const template = (name: string, body: object): Template => ({ name, body: body as JsonMap });

async function remoteCore(): Promise<Deployment> {
  return deploy(await start(), { templates: readInput(folder).templates });
}

function idOf({ graph, physicalId }: Deployment, type: string): string {
  const [resource] = graph.ofType(type);
  return (resource && physicalId(resource)) ?? '';
}

async function different(deployment: Deployment): Promise<string[]> {
  return (await readback(deployment)).filter(({ verdict }) => verdict === 'different').map(({ control, property, saw }) => `${control} ${property}: ${saw}`);
}

describe('the example app', () => {
  test('stands in the emulator, with everything that it names, and holds what the controls claim', async () => {
    const emulator = await start();
    const deployment = await deploy(emulator, { templates: readInput(folder).templates });
    const records = await readback(deployment);
    expect(emulator.name).toBe('ministack 1.5.33');
    const all = deployment.graph.types.flatMap((type) => deployment.graph.ofType(type));
    expect(all.filter((resource) => !deployment.physicalId(resource))).toEqual([]);
    const gaps = new Set(deployment.notEmulated.map(({ type, property }) => `${type} ${property}`.trim()));
    expect([...gaps].sort()).toEqual([
      'AWS::ApplicationAutoScaling::ScalableTarget', 'AWS::ApplicationAutoScaling::ScalingPolicy', 'AWS::Athena::NamedQuery', 'AWS::CloudWatch::InsightRule', 'AWS::EC2::FlowLog',
      'AWS::Logs::QueryDefinition', 'AWS::Route53Resolver::FirewallDomainList', 'AWS::Route53Resolver::FirewallRuleGroup', 'AWS::Route53Resolver::FirewallRuleGroupAssociation',
      'AWS::SecretsManager::RotationSchedule', 'AWS::WAFv2::LoggingConfiguration',
      'Custom::VpcRestrictDefaultSG',
    ]);
    expect(records.filter(({ verdict }) => verdict === 'different')).toEqual([]);
    expect(records.filter(({ verdict }) => verdict === 'same').length).toBeGreaterThan(150);
  });

  test('is seen to differ once somebody has tampered with it', async () => {
    const deployment = await remoteCore();
    const { elb, ec2, waf } = deployment.aws;
    await elb.send(new ModifyListenerCommand({ ListenerArn: idOf(deployment, LISTENER), SslPolicy: 'ELBSecurityPolicy-2016-08' }));
    expect(await different(deployment)).toEqual(['TLS-2 SslPolicy: SslPolicy is ELBSecurityPolicy-2016-08 in the emulator and ELBSecurityPolicy-TLS13-1-3-2021-06 in the template']);

    await ec2.send(new AuthorizeSecurityGroupIngressCommand({
      GroupId: idOf(deployment, 'AWS::EC2::SecurityGroup'), IpPermissions: [{ IpProtocol: 'tcp', FromPort: 443, ToPort: 443, IpRanges: [{ CidrIp: '0.0.0.0/0' }] }],
    }));
    expect(await different(deployment)).toContainEqual(expect.stringMatching(/^NET-2 SecurityGroupIngress: .*0\.0\.0\.0\/0 in the emulator/));

    const [Name = '', Id = ''] = idOf(deployment, 'AWS::WAFv2::WebACL').split('|');
    const { WebACL, LockToken } = await waf.send(new GetWebACLCommand({ Name, Id, Scope: 'REGIONAL' }));
    await waf.send(new UpdateWebACLCommand({ Name, Id, Scope: 'REGIONAL', LockToken, DefaultAction: WebACL?.DefaultAction, VisibilityConfig: WebACL?.VisibilityConfig, Rules: [] }));
    expect(await different(deployment)).toContainEqual(expect.stringMatching(/^RTL-1 Rules: .*absent in the emulator/));

    const LoadBalancerArn = idOf(deployment, 'AWS::ElasticLoadBalancingV2::LoadBalancer');
    await waf.send(new DisassociateWebACLCommand({ ResourceArn: LoadBalancerArn }));
    expect(await different(deployment)).toContainEqual(expect.stringMatching(/^RTL-1 WebACLArn: WebACLArn is absent in the emulator/));

    await elb.send(new CreateListenerCommand({ LoadBalancerArn, Port: 8080, Protocol: 'HTTP', DefaultActions: [{ Type: 'fixed-response', FixedResponseConfig: { StatusCode: '200' } }] }));
    expect(await different(deployment)).toContainEqual(expect.stringMatching(/^TLS-1 Listeners: .*8080 in the emulator/));
  });

  test('betrays an entry of the list that the emulator does keep', async () => {
    const wrong = { type: LISTENER, property: 'SslPolicy', reason: 'somebody thought so' };
    const records = await readback(await remoteCore(), { notHeld: [...NOT_HELD, wrong] });
    const wrongly = records.filter(({ verdict }) => verdict === 'different').map(({ control, property, saw }) => `${control} ${property} ${saw}`);
    expect(wrongly).toEqual([expect.stringMatching(/^TLS-2 SslPolicy .*take it off the list/)]);
  });

  test('is deployed by two drills at once that know nothing of each other', async () => {
    const other = await Supervisor.open();
    try {
      const [one, two] = await Promise.all([start(), startMinistack({ supervisor: other, ministack, account: '444455556666', region: 'us-east-1' })]);
      const { templates } = readInput(folder);
      const [first, second] = await Promise.all([deploy(one, { templates }), deploy(two, { templates })]);
      expect(one.endpoint).not.toBe(two.endpoint);
      expect(idOf(first, LISTENER)).toContain(':eu-central-1:111122223333:');
      expect(idOf(second, LISTENER)).toContain(':us-east-1:444455556666:');
      expect([await different(first), await different(second)]).toEqual([[], []]);
    } finally {
      await other.stop();
    }
  });
});

describe('other templates', () => {
  const vpc = { Type: 'AWS::EC2::VPC', Properties: { CidrBlock: '10.0.0.0/16' } };

  test('are deployed but for the types that the engine does not know, which are named, and what points at them stands', async () => {
    const odd = template('Odd', { Resources: {
      Vpc: vpc,
      Odd: { Type: 'AWS::Odd::Thing', Properties: { In: { Ref: 'Vpc' } } },
      Group: { Type: 'AWS::Logs::LogGroup', Properties: { LogGroupName: { 'Fn::GetAtt': ['Odd', 'Name'] }, RetentionInDays: 7 } },
      Classic: { Type: 'AWS::ElasticLoadBalancing::LoadBalancer', Properties: { Listeners: [] } },
    } });
    const deployment = await deploy(await start(), { templates: [odd] });
    expect(deployment.notEmulated.map(({ place, type, reason }) => [place.logicalId, type, reason])).toEqual([
      ['Odd', 'AWS::Odd::Thing', 'ministack 1.5.33 does not know this type'],
      ['Classic', 'AWS::ElasticLoadBalancing::LoadBalancer', 'ministack 1.5.33 does not know this type'],
    ]);
    expect(idOf(deployment, 'AWS::Logs::LogGroup')).toBe('not-emulated-Odd-Name');
    const classic = (await readback(deployment)).filter(({ place }) => place.logicalId === 'Classic');
    expect(new Set(classic.map(({ verdict }) => verdict))).toEqual(new Set(['not-held']));
  });

  test('are deployed but for the attributes that the engine does not have, which are named', async () => {
    const role = { Type: 'AWS::IAM::Role', Properties: { AssumeRolePolicyDocument: { Statement: [] } } };
    const users = template('Users', { Resources: {
      Pool: { Type: 'AWS::Cognito::UserPool' },
      Group: { Type: 'AWS::Logs::LogGroup', Properties: { LogGroupName: { 'Fn::Sub': '/of/${Pool.ProviderURL}/${Role.Nonsense}' }, RetentionInDays: 7 } },
      Role: role,
    }, Outputs: { Url: { Value: { 'Fn::GetAtt': ['Pool', 'ProviderURL'] } } } });
    const deployment = await deploy(await start(), { templates: [users, template('Other', { Resources: { Role: vpc, Out: role } })] });
    expect(deployment.notEmulated.map(({ place, property, reason }) => [place.stack, place.logicalId, property, reason])).toEqual([
      ['Users', 'Pool', 'ProviderURL', 'ministack 1.5.33 does not answer with this attribute'],
      ['Users', 'Role', 'Nonsense', 'ministack 1.5.33 does not answer with this attribute'],
    ]);
    expect(idOf(deployment, 'AWS::Logs::LogGroup')).toBe('/of/not-emulated-Pool-ProviderURL/not-emulated-Role-Nonsense');
    expect(await different(deployment)).toEqual([]);
  });

  test('may be written for transforms whose resources the engine does not know, such as a rotation that the CDK adds', async () => {
    const rotated = template('Rotated', { Transform: 'AWS::Serverless-2016-10-31', Resources: {
      Vpc: vpc, App: { Type: 'AWS::Serverless::Application' }, Rotation: { Type: 'AWS::SecretsManager::RotationSchedule', Properties: { RotationLambdaARN: { 'Fn::GetAtt': ['App', 'Outputs.Arn'] } } },
    } });
    const deployment = await deploy(await start(), { templates: [rotated] });
    expect(deployment.notEmulated.map(({ type }) => type)).toEqual(['AWS::Serverless::Application', 'AWS::SecretsManager::RotationSchedule']);
    expect(idOf(deployment, 'AWS::EC2::VPC')).toMatch(/^vpc-/);
  });

  test('end the drill without a word of their secrets', async () => {
    const secret = 'never-to-be-echoed';
    const hidden = template('Hidden', { Parameters: { Code: { Type: 'String', NoEcho: true, Default: secret } }, Resources: {
      Listener: { Type: LISTENER, Properties: { LoadBalancerArn: { Ref: 'Code' }, Port: 443, Protocol: 'HTTPS', DefaultActions: [] } },
    } });
    const message = await deploy(await start(), { templates: [hidden] }).then(() => '', (error: unknown) => String(error));
    expect(message).toMatch(/Listener \(AWS::ElasticLoadBalancingV2::Listener\): .*…/);
    expect(message).not.toContain(secret);
  });

  test('end the drill with the engine\'s own reason where a stack rolls back', async () => {
    const twin = { Type: 'AWS::ElasticLoadBalancingV2::TargetGroup', Properties: { Name: 'same', Port: 'none', Protocol: 'HTTP', TargetType: 'ip' } };
    const bad = template('Bad', { Resources: { One: twin, Two: { ...twin, DependsOn: 'One' } } });
    await expect(deploy(await start(), { templates: [bad] })).rejects.toThrow(/Stack Bad cannot be deployed .*: (One|Two) \(AWS::ElasticLoadBalancingV2::TargetGroup\): \S/);
  });

  test('are named where they are not emulated, and what points at them is deployed nevertheless', async () => {
    const mtls = template('Mtls', { Resources: { Store: { Type: 'AWS::ElasticLoadBalancingV2::TrustStore' }, Vpc: { ...vpc, DependsOn: 'Store' } } });
    const deployment = await deploy(await start(), { templates: [mtls] });
    expect(deployment.notEmulated).toMatchObject([{ place: { stack: 'Mtls', logicalId: 'Store' }, type: 'AWS::ElasticLoadBalancingV2::TrustStore' }]);
    expect(idOf(deployment, 'AWS::EC2::VPC')).toMatch(/^vpc-/);
    expect((await readback(deployment)).find(({ place }) => place.logicalId === 'Store')).toMatchObject({ verdict: 'not-held' });
  });

  test('hold what else a load balancer may have, but for what is on the list', async () => {
    const forward = (name: string): object => ({ TargetGroupArn: { Ref: name }, Weight: 1 });
    const group = { Type: 'AWS::ElasticLoadBalancingV2::TargetGroup', Properties: { Port: 80, Protocol: 'HTTP', VpcId: { Ref: 'Vpc' }, TargetType: 'ip' } };
    const balancer = { LoadBalancerArn: { Ref: 'Balancer' } };
    const visible = { SampledRequestsEnabled: false, CloudWatchMetricsEnabled: true, MetricName: 'm' };
    const deployment = await deploy(await start(), { templates: [template('Edge', { Resources: {
      Vpc: vpc,
      One: group,
      Two: group,
      Network: { ...group, Properties: { ...group.Properties, Protocol: 'TCP' } },
      Store: { Type: 'AWS::ElasticLoadBalancingV2::TrustStore', Properties: { CaCertificatesBundleS3Bucket: 'b', CaCertificatesBundleS3Key: 'k' } },
      Balancer: { Type: 'AWS::ElasticLoadBalancingV2::LoadBalancer', Properties: { Scheme: 'internal' } },
      Plain: { Type: LISTENER, Properties: {
        ...balancer, Port: 80, Protocol: 'HTTP', DefaultActions: [{ Type: 'redirect', RedirectConfig: { Protocol: 'HTTPS', Port: '443', StatusCode: 'HTTP_301' } }],
      } },
      Mutual: { Type: LISTENER, Properties: {
        ...balancer, Port: 443, Protocol: 'HTTPS', Certificates: [{ CertificateArn: 'arn:aws:acm:eu-central-1:111122223333:certificate/x' }],
        MutualAuthentication: { Mode: 'verify', TrustStoreArn: { Ref: 'Store' } },
        DefaultActions: [{ Type: 'forward', ForwardConfig: { TargetGroups: [forward('One'), forward('Two')] } }],
      } },
      Rule: { Type: 'AWS::ElasticLoadBalancingV2::ListenerRule', Properties: {
        ListenerArn: { Ref: 'Mutual' }, Priority: 1, Actions: [{ Type: 'forward', TargetGroupArn: { Ref: 'One' } }],
        Conditions: [
          { Field: 'path-pattern', Values: ['/a*'] },
          { Field: 'http-header', HttpHeaderConfig: { HttpHeaderName: 'x', Values: ['y'] } },
          { Field: 'query-string', QueryStringConfig: { Values: [{ Key: 'k', Value: 'v' }] } },
          { Field: 'source-ip', SourceIpConfig: { Values: ['10.0.0.0/8'] } },
        ],
      } },
      Blocked: { Type: 'AWS::WAFv2::IPSet', Properties: { Scope: 'REGIONAL', IPAddressVersion: 'IPV4', Addresses: ['192.0.2.0/24'] } },
      Acl: { Type: 'AWS::WAFv2::WebACL', Properties: { Scope: 'REGIONAL', DefaultAction: { Allow: {} }, VisibilityConfig: visible, Rules: [
        { Name: 'agent', Priority: 1, Action: { Block: {} }, VisibilityConfig: visible, Statement: { ByteMatchStatement: {
          SearchString: 'bad', FieldToMatch: { SingleHeader: { Name: 'user-agent' } }, PositionalConstraint: 'CONTAINS', TextTransformations: [{ Priority: 0, Type: 'NONE' }],
        } } },
        { Name: 'lockdown', Priority: 0, Action: { Block: {} }, Statement: { IPSetReferenceStatement: { Arn: { 'Fn::GetAtt': ['Blocked', 'Arn'] } } }, VisibilityConfig: visible },
      ] } },
      Guard: { Type: 'AWS::WAFv2::WebACLAssociation', Properties: { ResourceArn: { Ref: 'Balancer' }, WebACLArn: { 'Fn::GetAtt': ['Acl', 'Arn'] } } },
    } })] });
    const records = await readback(deployment);
    expect(records.filter(({ verdict }) => verdict === 'different')).toEqual([]);
    expect([...new Set(records.filter(({ verdict }) => verdict === 'not-held').map(({ place, property }) => `${place.logicalId} ${property}`))].sort()).toEqual([
      'Mutual DefaultActions.ForwardConfig', 'Mutual MutualAuthentication', 'Network HealthCheckEnabled', 'Network HealthCheckPath', 'Network HealthCheckProtocol', 'Network Matcher',
      'Rule Conditions.QueryStringConfig', 'Store CaCertificatesBundleS3Bucket', 'Store CaCertificatesBundleS3Key',
    ]);
  });

  test('find what another stack exports, whichever comes first, created through the API or not', async () => {
    const importing = template('App', { Resources: { Group: { Type: 'AWS::EC2::SecurityGroup', Properties: { GroupDescription: 'x', VpcId: { 'Fn::ImportValue': 'network:vpc' } } }, Task: {
      Type: 'AWS::Logs::LogGroup', Properties: { LogGroupName: { 'Fn::Sub': ['/core/${ip}', { ip: { 'Fn::ImportValue': 'network:ip' } }] }, RetentionInDays: 7 } } } });
    const exporting = template('Network', { Resources: { Vpc: vpc, Ip: { Type: 'AWS::EC2::EIP' } }, Outputs: {
      Vpc: { Value: { Ref: 'Vpc' }, Export: { Name: 'network:vpc' } }, Ip: { Value: { 'Fn::GetAtt': ['Ip', 'AllocationId'] }, Export: { Name: { 'Fn::Join': [':', ['network', 'ip']] } } } } });
    const deployment = await deploy(await start(), { templates: [importing, exporting] });
    expect(idOf(deployment, 'AWS::Logs::LogGroup')).toMatch(/^\/core\/eipalloc-/);
    expect(await different(deployment)).toEqual([]);
  });

  test('hand parameters down to what is nested in them, and take its outputs', async () => {
    const child = template('Outer/Inner', {
      Parameters: { Vpc: { Type: 'String' } },
      Resources: { Group: { Type: 'AWS::EC2::SecurityGroup', Properties: { GroupDescription: 'x', VpcId: { Ref: 'Vpc' } } } },
      Outputs: { Id: { Value: { 'Fn::GetAtt': ['Group', 'GroupId'] } } },
    });
    const outer: Template = {
      ...template('Outer', { Resources: {
        Vpc: vpc,
        Inner: { Type: 'AWS::CloudFormation::Stack', Properties: { TemplateURL: 'x', Parameters: { Vpc: { Ref: 'Vpc' } } } },
        Rule: { Type: 'AWS::EC2::SecurityGroupIngress', Properties: { GroupId: { 'Fn::GetAtt': ['Inner', 'Outputs.Id'] }, IpProtocol: 'tcp', FromPort: 443, ToPort: 443, CidrIp: '10.0.0.0/8' } },
      } }),
      nested: new Map([['Inner', child]]),
    };
    const deployment = await deploy(await start(), { templates: [outer] });
    const records = await readback(deployment);
    expect(records.filter(({ verdict }) => verdict === 'different')).toEqual([]);
    expect(records).toContainEqual(expect.objectContaining({ type: 'AWS::EC2::SecurityGroup', property: 'SecurityGroupIngress', verdict: 'same' }));
  });

  test('may be larger than a request may be', async () => {
    const group = (index: number): object => ({ Type: 'AWS::Logs::LogGroup', Properties: { LogGroupName: `/${'x'.repeat(450)}/${index}`, RetentionInDays: 7 } });
    const groups = Object.fromEntries(Array.from({ length: 120 }, (_, index) => [`Group${index}`, group(index)]));
    const deployment = await deploy(await start(), { templates: [template('Large', { Resources: groups })] });
    const records = await readback(deployment);
    expect(records.filter(({ property, verdict }) => property === 'RetentionInDays' && verdict === 'same')).toHaveLength(120);
  });

  test('end the drill where a parameter has no value', async () => {
    const open = template('Open', { Parameters: { Name: { Type: 'String' } }, Resources: { Vpc: vpc } });
    await expect(deploy(await start(), { templates: [open] })).rejects.toThrow('Parameter Name of Open has no default');
    await expect(deploy(await start(), { templates: [open], parameters: new Map([['Name', 'x']]) })).resolves.toBeDefined();
  });
});

test('What the lists say that the engine refuses, it refuses', async () => {
  const { cloudFormation } = awsClients(await start());
  const refuses = async (client: CloudFormationClient, type: string): Promise<boolean> => {
    try {
      await client.send(new ValidateTemplateCommand({ TemplateBody: JSON.stringify({ Resources: { A: { Type: type } } }) }));
      return false;
    } catch (error) {
      return String(error).includes(type);
    }
  };
  const taken = ['AWS::CloudWatch::Alarm', 'AWS::ECS::TaskDefinition', 'AWS::WAFv2::WebACL', LOCKDOWN_TYPE, MASTER_KEY_TYPE];
  const listed = [...NOT_EMULATED.keys(), ...CREATED_BY_API.keys()].filter((type) => !taken.includes(type));
  const verdicts = await Promise.all(listed.map(async (type) => [type, await refuses(cloudFormation, type)] as const));
  expect(verdicts.filter(([, refused]) => !refused)).toEqual([]);
});
