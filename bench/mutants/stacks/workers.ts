import { Aws, Stack } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as ecs from 'aws-cdk-lib/aws-ecs';
import { CfnListener, CfnListenerRule, CfnLoadBalancer, CfnTargetGroup } from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import * as iam from 'aws-cdk-lib/aws-iam';
import { CfnPermission } from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import { BROKER_URL_VARIABLE, JOBS_TABLE_VARIABLE, type PhaseConfiguration, SHARED_KEY_VARIABLE, WORKER_ID_PREFIX_VARIABLE } from '../../../src/broker/contract';
import { METHOD, PATHS } from '../../../src/broker/protocol/contract';
import { ROLLOUT_EXEMPT_METADATA } from '../../../src/secrets/contract';
import { Lender } from './lender';
import { filterNames, HARDENED, HEADERS, protect, settings } from './parts';
import { ALL_ERRORS, weighErrors } from './watch';

const CERTIFICATE = 'arn:aws:acm:eu-central-1:111122223333:certificate/0b1c2d3e-4f50-4617-8293-a4b5c6d7e8f9';
/** Of another stack. */
const PAGER = 'arn:aws:sns:eu-central-1:111122223333:pager';
const BLOCK = '10.70.0.0/16';
const TO_NETWORK = { ipProtocol: 'tcp', fromPort: 443, toPort: 443, cidrIp: BLOCK };
const URL = { name: BROKER_URL_VARIABLE, value: 'https://broker.acme.internal' };
const PREFIX = { name: WORKER_ID_PREFIX_VARIABLE, value: 'pool' };
/** A rule has five values in all conditions (ELB guide, "Quotas for your Application Load Balancers"). */
const PATHS_A_RULE = 4;

const taskRole = (scope: Construct, id: string): iam.Role => new iam.Role(scope, id, { assumedBy: new iam.ServicePrincipal('ecs-tasks.amazonaws.com') });

/** A network without a way out, a broker in it, and who asks it. */
class BrokeredStack extends Stack {
  protected readonly lender: Lender;
  private readonly vpc: ec2.Vpc;

  protected constructor(scope: Construct, id: string, ringName: string, phaseOf: (scope: Stack) => PhaseConfiguration) {
    super(scope, id);
    this.vpc = new ec2.Vpc(this, 'Vpc', {
      maxAzs: 2,
      natGateways: 0,
      restrictDefaultSecurityGroup: true,
      ipAddresses: ec2.IpAddresses.cidr(BLOCK),
      subnetConfiguration: [{ name: 'isolated', subnetType: ec2.SubnetType.PRIVATE_ISOLATED, cidrMask: 24 }],
    });
    filterNames(this, this.vpc.vpcId, ['broker.acme.internal', '*.amazonaws.com']);
    this.lender = new Lender(this, ringName, phaseOf(this), { subnetIds: this.subnetIds, group: this.group('BrokerGroup') });
  }

  protected get subnetIds(): string[] {
    return this.vpc.isolatedSubnets.map(({ subnetId }) => subnetId);
  }

  protected group(name: string, securityGroupIngress: ec2.CfnSecurityGroup.IngressProperty[] = [], securityGroupEgress: ec2.CfnSecurityGroup.EgressProperty[] = [TO_NETWORK]): ec2.CfnSecurityGroup {
    return new ec2.CfnSecurityGroup(this, name, { groupDescription: name, vpcId: this.vpc.vpcId, securityGroupIngress, securityGroupEgress });
  }

  /** A program that logs to where the broker's records are. */
  protected program(name: string, role: iam.Role, container: Partial<ecs.CfnTaskDefinition.ContainerDefinitionProperty>): ec2.CfnSecurityGroup {
    const starter = taskRole(this, `${name}StartRole`);
    const task = new ecs.CfnTaskDefinition(this, name, {
      requiresCompatibilities: ['FARGATE'], networkMode: 'awsvpc', cpu: '256', memory: '512', executionRoleArn: starter.roleArn, taskRoleArn: role.roleArn,
      containerDefinitions: [{
        name: name.toLowerCase(),
        image: `111122223333.dkr.ecr.eu-central-1.amazonaws.com/${name.toLowerCase()}@sha256:${'5e'.repeat(32)}`,
        user: '1000:1000', cpu: 256, memory: 512, readonlyRootFilesystem: true,
        linuxParameters: { capabilities: { drop: ['ALL'] } },
        healthCheck: { command: ['CMD', 'python', '/app/health.py'], interval: 30, retries: 3, startPeriod: 60, timeout: 5 },
        logConfiguration: {
          logDriver: 'awslogs',
          options: { 'awslogs-group': this.lender.logs.ref, 'awslogs-region': this.region, 'awslogs-stream-prefix': name.toLowerCase(), 'mode': 'blocking' },
        },
        ...container,
      }],
    });
    const group = this.group(`${name}Group`);
    new ecs.CfnService(this, `${name}Service`, {
      cluster: 'workers', launchType: 'FARGATE', desiredCount: 2, taskDefinition: task.ref, deploymentConfiguration: { deploymentCircuitBreaker: { enable: true, rollback: true } },
      networkConfiguration: { awsvpcConfiguration: { assignPublicIp: 'DISABLED', subnets: this.subnetIds, securityGroups: [group.attrGroupId] } },
    });
    return group;
  }
}

/** An orchestrator writes jobs, workers that share a key ask for what these name, and a broker behind a load balancer of its own lends it to them. */
export class WorkersStack extends BrokeredStack {
  public constructor(scope: Construct, id: string) {
    const ring = 'production/workers/shared';
    super(scope, id, ring, () => ({ kind: 'shared-key', shared: { ring } }));
    const { ring: key, jobs } = this.lender;
    // They may do nothing, and know one key.
    const pool = this.program('Pool', taskRole(this, 'PoolRole'), { environment: [URL, PREFIX], secrets: [{ name: SHARED_KEY_VARIABLE, valueFrom: `${key.ref}:current::` }] });
    const balancer = this.balancer(pool);
    protect(this, balancer.ref, 'broker');
    this.listen(balancer);
    weighErrors(this, balancer, ALL_ERRORS, PAGER);
    const role = taskRole(this, 'OrchestratorRole');
    role.addToPolicy(new iam.PolicyStatement({ actions: ['dynamodb:DeleteItem', 'dynamodb:PutItem'], resources: [jobs.attrArn] }));
    this.program('Orchestrator', role, { environment: [URL, { name: JOBS_TABLE_VARIABLE, value: jobs.ref }] });
  }

  private balancer(pool: ec2.CfnSecurityGroup): CfnLoadBalancer {
    const group = this.group('EdgeGroup', [{ ipProtocol: 'tcp', fromPort: 443, toPort: 443, sourceSecurityGroupId: pool.attrGroupId }]);
    return new CfnLoadBalancer(this, 'Balancer', { scheme: 'internal', type: 'application', subnets: this.subnetIds, securityGroups: [group.attrGroupId], loadBalancerAttributes: settings(HARDENED) });
  }

  /** Answers 404 to all but the protocol's own requests. */
  private listen(balancer: CfnLoadBalancer): void {
    const { fn } = this.lender;
    const targets = new CfnTargetGroup(this, 'Targets', {
      targetType: 'lambda', targets: [{ id: fn.attrArn }], targetGroupAttributes: [{ key: 'lambda.multi_value_headers.enabled', value: 'true' }],
    });
    const sourceArn = this.formatArn({ service: 'elasticloadbalancing', resource: 'targetgroup', resourceName: '*' });
    const allowed = new CfnPermission(this, 'ByBalancer', {
      action: 'lambda:InvokeFunction', functionName: fn.attrArn, principal: 'elasticloadbalancing.amazonaws.com', sourceAccount: Aws.ACCOUNT_ID, sourceArn,
    });
    targets.node.addDependency(allowed);
    const listener = new CfnListener(this, 'Https', {
      loadBalancerArn: balancer.ref, protocol: 'HTTPS', port: 443, sslPolicy: 'ELBSecurityPolicy-TLS13-1-3-PQ-2025-09', certificates: [{ certificateArn: CERTIFICATE }],
      listenerAttributes: settings(HEADERS), defaultActions: [{ type: 'fixed-response', fixedResponseConfig: { statusCode: '404' } }],
    });
    const groups = Array.from({ length: Math.ceil(PATHS.length / PATHS_A_RULE) }, (_, index) => PATHS.slice(index * PATHS_A_RULE, (index + 1) * PATHS_A_RULE));
    groups.forEach((paths, index) => new CfnListenerRule(this, `Rule${index}`, {
      listenerArn: listener.ref,
      priority: 10 + index,
      conditions: [{ field: 'http-request-method', httpRequestMethodConfig: { values: [METHOD] } }, { field: 'path-pattern', pathPatternConfig: { values: [...paths] } }],
      actions: [{ type: 'forward', targetGroupArn: targets.ref }],
    }));
  }
}

/** Workers join by a token or as a task, and each has a key of its own, made from one that only the broker reads. */
export class OwnKeysStack extends BrokeredStack {
  public constructor(scope: Construct, id: string) {
    const ring = 'production/workers/masters';
    let role: iam.Role | undefined;
    super(scope, id, ring, (stack) => {
      role = taskRole(stack, 'SiteRole');
      return { kind: 'per-worker-keys', own: { ring, keyLifeSeconds: 43_200, tokenSeconds: 600, tasks: { account: stack.account, roles: [{ name: role.roleName, prefix: 'pool' }] } } };
    });
    this.lender.ring.addMetadata(ROLLOUT_EXEMPT_METADATA, 'Only the broker holds it, which reads it anew.');
    if (role) this.program('Site', role, { environment: [URL, PREFIX] });
  }
}
