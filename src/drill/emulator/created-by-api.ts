import { randomBytes } from 'node:crypto';
import { type CloudWatchClient, DescribeAlarmsCommand, PutCompositeAlarmCommand, type PutCompositeAlarmCommandInput, PutMetricAlarmCommand } from '@aws-sdk/client-cloudwatch';
import { AllocateAddressCommand, AuthorizeSecurityGroupEgressCommand, AuthorizeSecurityGroupIngressCommand, CreateNatGatewayCommand, type IpPermission } from '@aws-sdk/client-ec2';
import { RegisterTaskDefinitionCommand, type RegisterTaskDefinitionCommandInput } from '@aws-sdk/client-ecs';
import { DescribeSecretCommand, GetSecretValueCommand, PutSecretValueCommand } from '@aws-sdk/client-secrets-manager';
import {
  AssociateWebACLCommand, CreateIPSetCommand, type CreateIPSetCommandInput, CreateRegexPatternSetCommand, type CreateRegexPatternSetCommandInput,
  CreateRuleGroupCommand, type CreateRuleGroupCommandInput, CreateWebACLCommand, type CreateWebACLCommandInput,
} from '@aws-sdk/client-wafv2';
import type { Json, JsonMap } from '../../checks/template/template';
import { FAMILIES, LOCKDOWN_TYPE, SET_ARN_ATTRIBUTES, setNameOf } from '../../lockdown/contract';
import { MASTER_KEY_TYPE } from '../../secrets/contract';
import type { AwsClients } from './aws-clients';
import { toApiWords } from './api-words';
import { toWafWords } from './waf-words';

export interface Created {
  readonly physicalId: string;
  readonly attributes?: Readonly<Record<string, string>>;
}

/** Creates one resource; `name` is what it is called where the template names nothing. */
type Create = (aws: AwsClients, properties: JsonMap, name: string) => Promise<Created>;

/**
 * What the engine's CloudFormation refuses and its API takes. Task definitions and web ACLs are here for another reason: its
 * CloudFormation takes them, but keeps what is nested in them (Linux parameters, volumes, the IP sets of a rule) in the template's
 * words, which its own API does not answer with. The lock-down switch is here because its CloudFormation would run the function behind it. Of alarms on metric
 * math, which its CloudFormation refuses, the API keeps everything but the math: when they ring is for src/drill/alarms to find out.
 * What `Ref` and `Fn::GetAtt` give is each type's page in the AWS CloudFormation Template Reference.
 */
export const CREATED_BY_API: ReadonlyMap<string, Create> = new Map<string, Create>([
  ['AWS::CloudWatch::Alarm', async ({ cloudWatch }, properties, name) => {
    const AlarmName = text(properties.AlarmName) || name;
    await cloudWatch.send(new PutMetricAlarmCommand({ ...properties, AlarmName, ...figuresIn(properties) }));
    return alarm(cloudWatch, AlarmName);
  }],
  ['AWS::CloudWatch::CompositeAlarm', async ({ cloudWatch }, properties, name) => {
    const AlarmName = text(properties.AlarmName) || name;
    await cloudWatch.send(new PutCompositeAlarmCommand({ ...properties, AlarmName } as unknown as PutCompositeAlarmCommandInput));
    return alarm(cloudWatch, AlarmName);
  }],
  ['AWS::EC2::EIP', async ({ ec2 }) => {
    const { PublicIp, AllocationId } = await ec2.send(new AllocateAddressCommand({ Domain: 'vpc' }));
    return { physicalId: made(PublicIp), attributes: { AllocationId: made(AllocationId), PublicIp: made(PublicIp) } };
  }],
  ['AWS::EC2::NatGateway', async ({ ec2 }, properties) => {
    const { NatGateway } = await ec2.send(new CreateNatGatewayCommand({
      SubnetId: text(properties.SubnetId),
      AllocationId: text(properties.AllocationId),
      ConnectivityType: properties.ConnectivityType === 'private' ? 'private' : 'public',
    }));
    return { physicalId: made(NatGateway?.NatGatewayId), attributes: { NatGatewayId: made(NatGateway?.NatGatewayId) } };
  }],
  ['AWS::EC2::SecurityGroupIngress', async ({ ec2 }, properties) => {
    const { SecurityGroupRules } = await ec2.send(new AuthorizeSecurityGroupIngressCommand({ GroupId: text(properties.GroupId), IpPermissions: [permission(properties)] }));
    return ruleId(SecurityGroupRules);
  }],
  ['AWS::EC2::SecurityGroupEgress', async ({ ec2 }, properties) => {
    const { SecurityGroupRules } = await ec2.send(new AuthorizeSecurityGroupEgressCommand({ GroupId: text(properties.GroupId), IpPermissions: [permission(properties)] }));
    return ruleId(SecurityGroupRules);
  }],
  ['AWS::ECS::TaskDefinition', async ({ ecs }, properties, name) => {
    const { taskDefinition } = await ecs.send(new RegisterTaskDefinitionCommand({
      family: name, ...(toApiWords(properties) as JsonMap),
    } as unknown as RegisterTaskDefinitionCommandInput));
    const arn = made(taskDefinition?.taskDefinitionArn);
    return { physicalId: arn, attributes: { TaskDefinitionArn: arn } };
  }],
  ['AWS::WAFv2::IPSet', async ({ waf }, properties, name) => {
    const { Summary } = await waf.send(new CreateIPSetCommand({ Name: name, ...properties } as unknown as CreateIPSetCommandInput));
    return wafResource(Summary, properties);
  }],
  // What the function behind it does, which a drill does not run: two sets without addresses.
  [LOCKDOWN_TYPE, async ({ waf }, { Name }) => {
    const arns = await Promise.all(FAMILIES.map(async (family) => {
      const { Summary } = await waf.send(new CreateIPSetCommand({ Scope: 'REGIONAL', Name: setNameOf(text(Name), family), IPAddressVersion: family, Addresses: [] }));
      return [SET_ARN_ATTRIBUTES[family], made(Summary?.ARN)] as const;
    }));
    return { physicalId: text(Name), attributes: Object.fromEntries(arns) };
  }],
  // Likewise: 32 random bytes as base64 with the alphabet of URLs, put once, where there is no value yet.
  [MASTER_KEY_TYPE, async ({ secrets }, { SecretArn }) => {
    const SecretId = text(SecretArn);
    const { VersionIdsToStages: versions = {} } = await secrets.send(new DescribeSecretCommand({ SecretId }));
    const value = Object.keys(versions).length === 0 ? undefined : (await secrets.send(new GetSecretValueCommand({ SecretId }))).SecretString;
    if (!value) await secrets.send(new PutSecretValueCommand({ SecretId, SecretString: `${randomBytes(32).toString('base64url')}=` }));
    return { physicalId: SecretId };
  }],
  ['AWS::WAFv2::RegexPatternSet', async ({ waf }, properties, name) => {
    const list = Array.isArray(properties.RegularExpressionList) ? properties.RegularExpressionList as readonly Json[] : [];
    const patterns = list.map((RegexString) => ({ RegexString }));
    const { Summary } = await waf.send(new CreateRegexPatternSetCommand({ Name: name, ...properties, RegularExpressionList: patterns } as unknown as CreateRegexPatternSetCommandInput));
    return wafResource(Summary, properties);
  }],
  ['AWS::WAFv2::RuleGroup', async ({ waf }, properties, name) => {
    const { Summary } = await waf.send(new CreateRuleGroupCommand({ Name: name, ...(toWafWords(properties) as object) } as CreateRuleGroupCommandInput));
    return wafResource(Summary, properties);
  }],
  ['AWS::WAFv2::WebACL', async ({ waf }, properties, name) => {
    const { Summary } = await waf.send(new CreateWebACLCommand({ Name: name, ...(toWafWords(properties) as object) } as CreateWebACLCommandInput));
    return wafResource(Summary, properties);
  }],
  ['AWS::WAFv2::WebACLAssociation', async ({ waf }, properties) => {
    await waf.send(new AssociateWebACLCommand({ ResourceArn: text(properties.ResourceArn), WebACLArn: text(properties.WebACLArn) }));
    return { physicalId: `${text(properties.WebACLArn)}|${text(properties.ResourceArn)}` };
  }],
]);

/** `Ref` of an alarm is its name. */
async function alarm(cloudWatch: CloudWatchClient, name: string): Promise<Created> {
  const { MetricAlarms = [], CompositeAlarms = [] } = await cloudWatch.send(new DescribeAlarmsCommand({ AlarmNames: [name], AlarmTypes: ['MetricAlarm', 'CompositeAlarm'] }));
  return { physicalId: name, attributes: { Arn: made([...MetricAlarms, ...CompositeAlarms][0]?.AlarmArn) } };
}

/** A template may write them as text. */
function figuresIn(properties: JsonMap): JsonMap {
  const names = ['Period', 'EvaluationPeriods', 'DatapointsToAlarm', 'Threshold'];
  return Object.fromEntries(names.filter((name) => properties[name] !== undefined).map((name) => [name, Number(properties[name])]));
}

function permission(rule: JsonMap): IpPermission {
  const Description = rule.Description === undefined ? undefined : text(rule.Description);
  const list = rule.SourcePrefixListId ?? rule.DestinationPrefixListId;
  const group = rule.SourceSecurityGroupId ?? rule.DestinationSecurityGroupId;
  return {
    IpProtocol: text(rule.IpProtocol),
    ...(rule.FromPort === undefined ? {} : { FromPort: Number(rule.FromPort) }),
    ...(rule.ToPort === undefined ? {} : { ToPort: Number(rule.ToPort) }),
    ...(rule.CidrIp === undefined ? {} : { IpRanges: [{ CidrIp: text(rule.CidrIp), Description }] }),
    ...(rule.CidrIpv6 === undefined ? {} : { Ipv6Ranges: [{ CidrIpv6: text(rule.CidrIpv6), Description }] }),
    ...(list === undefined ? {} : { PrefixListIds: [{ PrefixListId: text(list), Description }] }),
    ...(group === undefined ? {} : { UserIdGroupPairs: [{ GroupId: text(group), Description }] }),
  };
}

function ruleId(rules: readonly { readonly SecurityGroupRuleId?: string }[] | undefined): Created {
  const id = made(rules?.[0]?.SecurityGroupRuleId);
  return { physicalId: id, attributes: { Id: id } };
}

/** `Ref` of a WAF resource is its name, id and scope with a bar between them. */
function wafResource(summary: { readonly Name?: string; readonly Id?: string; readonly ARN?: string } | undefined, { Scope }: JsonMap): Created {
  return { physicalId: `${made(summary?.Name)}|${made(summary?.Id)}|${text(Scope)}`, attributes: { Arn: made(summary?.ARN), Id: made(summary?.Id) } };
}

function made(id: string | undefined): string {
  if (id === undefined || id === '') throw new Error('the engine has answered without an id');
  return id;
}

function text(value: Json | undefined): string {
  return typeof value === 'object' || value === undefined ? '' : String(value);
}
