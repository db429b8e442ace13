import { AUDIT_KEY_VARIABLE, CONFIGURATION_VARIABLE, type GateConfiguration } from '../../gate/contract';
import { ConfigurationError, parseConfiguration } from '../../runtime/gate/read-configuration';
import { UsageError } from '../usage-error';
import type { DeployedAws, DeployedTask } from './aws';

/** A service of a stack. */
export interface DeployedService extends DeployedTask {
  /** Its place in the stack, for messages. */
  readonly path: string;
}

/** A gate as it was deployed. */
export interface DeployedGate extends DeployedService {
  readonly configuration: GateConfiguration;
  /** Where the key comes from by which it hashes callers in its records. */
  readonly auditKey?: string;
  /** Where it writes its records. */
  readonly logGroup?: string;
}

/** Every service of a stack, nested stacks included, as its tasks are started by now. Throws a UsageError where there is no such stack. */
export async function findServices(aws: DeployedAws, stack: string): Promise<readonly DeployedService[]> {
  const resources = await aws.resourcesOf(stack);
  if (!resources) throw new UsageError(`There is no stack ${stack} in this account and region.`);
  const found: DeployedService[] = [];
  for (const { path, physicalId } of resources.filter(({ type, physicalId }) => type === 'AWS::ECS::Service' && physicalId !== '')) {
    const task = await aws.taskOf(physicalId);
    if (task) found.push({ path, ...task });
  }
  return found;
}

/** Every gate of a stack. Throws a UsageError where there is none, or one that this version cannot read. */
export async function findGates(aws: DeployedAws, stack: string): Promise<readonly DeployedGate[]> {
  const gates = gatesAmong(await findServices(aws, stack));
  if (gates.length === 0) throw new UsageError(`Stack ${stack} has no gate: none of its services has a container with ${CONFIGURATION_VARIABLE}.`);
  return gates;
}

export function gatesAmong(services: readonly DeployedService[]): readonly DeployedGate[] {
  return services.flatMap((service) => {
    const container = service.containers.find(({ environment }) => environment.has(CONFIGURATION_VARIABLE));
    if (!container) return [];
    const { secrets, environment, logGroup } = container;
    return [{ ...service, configuration: read(service.path, environment.get(CONFIGURATION_VARIABLE)), auditKey: secrets.get(AUDIT_KEY_VARIABLE), ...(logGroup !== undefined && { logGroup }) }];
  });
}

function read(path: string, json: string | undefined): GateConfiguration {
  try {
    return parseConfiguration(json);
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error;
    throw new UsageError(`${path} was deployed with a configuration that this version cannot read (${error.message}): use the version of cdk-secure-core that deployed it.`);
  }
}
