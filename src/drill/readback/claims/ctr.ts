import { type Claims, inContainers, LISTENER, LISTENER_RULE, LOAD_BALANCER, POLICIES, SECURITY_GROUP, SERVICE, STANDALONE_INGRESS, TASK } from './claim';

/** Containers, what they record, and what is watched and shut in an emergency. */
export const CTR_CLAIMS: Claims = {
  'CTR-1': [
    { type: TASK, properties: inContainers('Image') },
    { type: SERVICE, properties: ['TaskDefinition'] },
  ],
  'CTR-2': [{ type: TASK, properties: inContainers('User') }],
  'CTR-3': [{ type: TASK, properties: ['Cpu', 'Memory', ...inContainers('Cpu', 'Memory')] }],
  'CTR-4': [{ type: TASK, properties: ['Volumes', 'RuntimePlatform', ...inContainers('ReadonlyRootFilesystem', 'MountPoints', 'LinuxParameters.Devices')] }],
  'CTR-5': [{ type: TASK, properties: ['NetworkMode', 'PidMode', 'IpcMode', ...inContainers('Privileged', 'LinuxParameters.Capabilities', 'DockerSecurityOptions')] }],
  'CTR-7': [
    { type: SERVICE, properties: ['EnableExecuteCommand'] },
    ...POLICIES,
    { type: 'AWS::IAM::Policy', properties: ['Roles'] },
    { type: 'AWS::IAM::RolePolicy', properties: ['RoleName'] },
    ...['AWS::IAM::Role', 'AWS::IAM::User', 'AWS::IAM::Group'].map((type) => ({ type, properties: ['Policies', 'ManagedPolicyArns'] })),
  ],
  'MON-3': [
    { type: TASK, properties: inContainers('Name', 'PortMappings', 'Environment') },
    { type: SERVICE, properties: ['LoadBalancers', 'TaskDefinition', 'NetworkConfiguration'] },
    { type: SECURITY_GROUP, properties: ['SecurityGroupIngress'] },
    { type: STANDALONE_INGRESS, properties: ['GroupId', 'Permission'] },
  ],
  'INC-1': [
    { type: LOAD_BALANCER, properties: ['WebACLArn', 'SecurityGroups', 'Listeners'] },
    { type: LISTENER, properties: ['DefaultActions', 'Rules'] },
    { type: 'AWS::WAFv2::WebACL', properties: ['Rules'] },
  ],
  'INC-2': [
    { type: LOAD_BALANCER, properties: ['Listeners'] },
    { type: LISTENER, properties: ['DefaultActions', 'Rules', 'MutualAuthentication'] },
    { type: LISTENER_RULE, properties: ['Actions'] },
  ],
};
