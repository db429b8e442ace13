import { CONFIGURATION_VARIABLE } from '../../gate/contract';
import { ConfigurationError, parseConfiguration } from '../../runtime/gate/read-configuration';
import type { StackResource } from '../lockdown/aws';
import { UsageError } from '../usage-error';
import type { DoctorAws } from './aws';
import { answerOf } from './examine';
import { findBrokers } from './find-brokers';
import { balancersOf, type FoundGate, type FoundService, type FoundTargets, ofType, running, type Ward } from './ward';

/** What there is to look at. Throws a UsageError where there is no such stack. */
export async function wardOf(aws: DoctorAws, stack: string, now: Date): Promise<Ward> {
  const resources = await aws.resourcesOf(stack);
  if (!resources) throw new UsageError(`There is no stack ${stack} in this account and region.`);
  const services: FoundService[] = [];
  for (const { path, physicalId } of ofType({ resources }, 'AWS::ECS::Service')) services.push({ path, asked: await answerOf(() => aws.serviceOf(physicalId)) });
  const targetGroups: FoundTargets[] = [];
  for (const { path, physicalId } of ofType({ resources }, 'AWS::ElasticLoadBalancingV2::TargetGroup')) {
    targetGroups.push({ path, physicalId, asked: await answerOf(() => aws.targetGroupOf(physicalId)) });
  }
  const found = { aws, resources, targetGroups };
  return { ...found, services, gates: gatesAmong(services), brokers: await findBrokers(found), loadBalancers: loadBalancersOf(found), now };
}

function gatesAmong(services: readonly FoundService[]): readonly FoundGate[] {
  return running({ services }).flatMap(({ path, service }) => service.containers.filter(({ environment }) => environment.has(CONFIGURATION_VARIABLE))
    .map((container) => ({ path, service, container, configuration: configurationIn(container.environment.get(CONFIGURATION_VARIABLE)) })));
}

function configurationIn(json: string | undefined): FoundGate['configuration'] {
  try {
    return parseConfiguration(json);
  } catch (error) {
    if (error instanceof ConfigurationError) return { fault: error.message };
    throw error;
  }
}

/** Those of the stack, and those of others that have a target group of it. Network load balancers pass bytes on, and are no part of this. */
function loadBalancersOf({ resources, targetGroups }: Pick<Ward, 'resources' | 'targetGroups'>): readonly StackResource[] {
  const type = 'AWS::ElasticLoadBalancingV2::LoadBalancer';
  const own = ofType({ resources }, type);
  const others = new Set(targetGroups.flatMap(balancersOf).filter((arn) => !own.some((one) => one.physicalId === arn)));
  return [...own, ...[...others].map((arn) => ({ type, path: arn, physicalId: arn }))].filter(({ physicalId }) => physicalId.includes(':loadbalancer/app/'));
}
