import type { ControlId } from '../../../controls';

/** What a control says of resources of one type. A path through a list means each of its entries. */
export interface Claim {
  readonly type: string;
  readonly properties: readonly string[];
}

/** Claims by control. */
export type Claims = Readonly<Partial<Record<ControlId, readonly Claim[]>>>;

export const LISTENER = 'AWS::ElasticLoadBalancingV2::Listener';
export const LISTENER_RULE = 'AWS::ElasticLoadBalancingV2::ListenerRule';
export const LOAD_BALANCER = 'AWS::ElasticLoadBalancingV2::LoadBalancer';
export const TARGET_GROUP = 'AWS::ElasticLoadBalancingV2::TargetGroup';
export const TASK = 'AWS::ECS::TaskDefinition';
export const SERVICE = 'AWS::ECS::Service';
export const SECURITY_GROUP = 'AWS::EC2::SecurityGroup';
export const STANDALONE_INGRESS = 'AWS::EC2::SecurityGroupIngress';

export const inContainers = (...properties: readonly string[]): string[] => properties.map((property) => `ContainerDefinitions.${property}`);

/** A classic load balancer speaks, shows certificates and forwards by what it has listeners for. */
export const CLASSIC: Claim = { type: 'AWS::ElasticLoadBalancing::LoadBalancer', properties: ['Listeners'] };

/** Policies of identities that stand by themselves. */
export const POLICIES: readonly Claim[] = ['AWS::IAM::Policy', 'AWS::IAM::ManagedPolicy', 'AWS::IAM::RolePolicy', 'AWS::IAM::UserPolicy', 'AWS::IAM::GroupPolicy']
  .map((type) => ({ type, properties: ['PolicyDocument'] }));

/** The environments of programs, among them that of a gate, which holds its whole configuration. */
export const ENVIRONMENTS: readonly Claim[] = [
  { type: TASK, properties: inContainers('Environment', 'Secrets') },
  ...['AWS::Lambda::Function', 'AWS::Serverless::Function'].map((type) => ({ type, properties: ['Environment'] })),
];
