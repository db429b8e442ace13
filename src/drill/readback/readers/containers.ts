import { DescribeClustersCommand, DescribeServicesCommand, DescribeTaskDefinitionCommand } from '@aws-sdk/client-ecs';
import { DescribeLogGroupsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { isJsonMap, type Json, type JsonMap } from '../../../checks/template/template';
import { toTemplateWords } from '../../emulator/api-words';
import { plainJson, type Readers, unlessGone } from '../reader';

/** What the API writes where the template is silent. */
const NO_CPU = 0;

/** So many tasks a service begins with where nobody says anything (CloudFormation, "AWS::ECS::Service"). */
const TASKS = '1';

function inTemplateWords(answer: unknown): JsonMap {
  return toTemplateWords(plainJson(answer)) as JsonMap;
}

/** A port of the host is a choice only on a bridge: elsewhere the API repeats the container's, or writes 0. */
function portMapping(entry: Json): Json {
  return isJsonMap(entry) && (entry.HostPort === entry.ContainerPort || entry.HostPort === 0) ? { ...entry, HostPort: null } : entry;
}

function container(entry: Json): Json {
  if (!isJsonMap(entry)) return entry;
  const ports = Array.isArray(entry.PortMappings) ? (entry.PortMappings as readonly Json[]).map(portMapping) : null;
  return { ...entry, Cpu: entry.Cpu === NO_CPU ? null : entry.Cpu ?? null, PortMappings: ports };
}

/** The API names a cluster by its ARN, the template mostly by its name. */
function lastPart(arn: string | undefined): string {
  return arn?.replace(/^.*\//, '') ?? '';
}

export const CONTAINER_READERS: Readers = {
  'AWS::ECS::TaskDefinition': {
    told: (told) => ({ NetworkMode: 'bridge', ...told }),
    async held({ ecs }, arn) {
      const task = (await unlessGone(() => ecs.send(new DescribeTaskDefinitionCommand({ taskDefinition: arn }))))?.taskDefinition;
      if (!task) return undefined;
      const held = inTemplateWords(task);
      const containers = Array.isArray(held.ContainerDefinitions) ? held.ContainerDefinitions as readonly Json[] : [];
      return { ...held, ContainerDefinitions: containers.map(container) };
    },
  },
  'AWS::ECS::Service': {
    told: (told) => ({ DesiredCount: TASKS, ...told, ...(typeof told.Cluster === 'string' && { Cluster: lastPart(told.Cluster) }) }),
    async held({ ecs }, arn) {
      const [, cluster = 'default', name = ''] = /service\/([^/]+)\/(.+)$/.exec(arn) ?? [];
      const service = (await unlessGone(() => ecs.send(new DescribeServicesCommand({ cluster, services: [name] }))))?.services?.[0];
      return service && { ...inTemplateWords(service), Cluster: lastPart(service.clusterArn) };
    },
  },
  'AWS::ECS::Cluster': {
    told: (told, cluster, { physicalId }) => ({ ...told, ClusterName: physicalId(cluster) }),
    async held({ ecs }, name) {
      const cluster = (await ecs.send(new DescribeClustersCommand({ clusters: [name] }))).clusters?.[0];
      return cluster && inTemplateWords(cluster);
    },
  },
  'AWS::Logs::LogGroup': {
    async held({ logs }, name) {
      const { logGroups = [] } = await logs.send(new DescribeLogGroupsCommand({ logGroupNamePrefix: name }));
      const group = logGroups.find((candidate) => candidate.logGroupName === name);
      return group && { LogGroupName: name, RetentionInDays: group.retentionInDays ?? null };
    },
  },
};
