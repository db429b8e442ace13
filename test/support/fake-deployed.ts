import type { DeployedTask } from '../../src/cli/deployed/aws';
import type { StackResource } from '../../src/cli/lockdown/aws';
import type { GateConfiguration } from '../../src/gate/contract';
import { gateConfiguration } from './gate-server';

export const SERVICE: StackResource = { type: 'AWS::ECS::Service', path: 'Core/Service', physicalId: 'arn:aws:ecs:eu-central-1:111122223333:service/cluster/core' };
export const AUDIT_KEY_REFERENCE = 'arn:aws:secretsmanager:eu-central-1:111122223333:secret:AuditKey-AbCdEf';

/** A configuration as one that was deployed: the table is the one that the stack has. */
export function deployedConfiguration(changes: Parameters<typeof gateConfiguration>[1] = {}): GateConfiguration {
  return { ...gateConfiguration(8000, { table: { name: 'gate-table' }, ...changes }), port: 8443 };
}

/** A service with a gate and a Core, as ECS starts it. */
export function gateTask(configuration: unknown = deployedConfiguration(), changes: Partial<DeployedTask> = {}): DeployedTask {
  return {
    taskDefinition: 'arn:aws:ecs:eu-central-1:111122223333:task-definition/core:7',
    isRollingOut: false,
    containers: [
      {
        name: 'Gate', image: '111122223333.dkr.ecr.eu-central-1.amazonaws.com/gate@sha256:00', logGroup: 'hot',
        environment: new Map([['GATE_CONFIGURATION', typeof configuration === 'string' ? configuration : JSON.stringify(configuration)]]),
        secrets: new Map([['GATE_AUDIT_KEY', AUDIT_KEY_REFERENCE]]),
      },
      {
        name: 'Core', image: '111122223333.dkr.ecr.eu-central-1.amazonaws.com/core@sha256:11', logGroup: 'hot',
        environment: new Map([['LOG_LEVEL', 'info'], ['PORT', '8000']]),
        secrets: new Map([['INTERNAL_VLLM_API_KEY', 'arn:aws:secretsmanager:eu-central-1:111122223333:secret:Vllm-AbCdEf']]),
      },
    ],
    ...changes,
  };
}
