import { Stack } from 'aws-cdk-lib';
import { CfnCertificate } from 'aws-cdk-lib/aws-certificatemanager';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as ecs from 'aws-cdk-lib/aws-ecs';
import { CfnListener, CfnListenerRule, CfnLoadBalancer, CfnTargetGroup } from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { CfnLogGroup } from 'aws-cdk-lib/aws-logs';
import { CfnIPSet, CfnLoggingConfiguration, CfnWebACL, CfnWebACLAssociation } from 'aws-cdk-lib/aws-wafv2';
import type { Construct } from 'constructs';
import { filterNames, HARDENED, HEADERS, knownAttacks, lockdownRule, settings } from './parts';
import { ALL_ERRORS, OWN_ERRORS, weighErrors } from './watch';

const visibility = (metricName: string): CfnWebACL.VisibilityConfigProperty => ({ cloudWatchMetricsEnabled: true, metricName, sampledRequestsEnabled: false });
/** Of another stack. */
const PAGER = 'arn:aws:sns:eu-central-1:111122223333:pager';
const NONE = [{ priority: 0, type: 'NONE' }];

/** An app of another account comes in over PrivateLink and a proxy, a door is shut, and two services speak to each other: what the other stacks have none of. */
export class CornersStack extends Stack {
  private readonly vpc: ec2.Vpc;
  private readonly certificate: CfnCertificate;

  public constructor(scope: Construct, id: string) {
    super(scope, id);
    this.vpc = new ec2.Vpc(this, 'Vpc', {
      maxAzs: 2,
      restrictDefaultSecurityGroup: true,
      ipAddresses: ec2.IpAddresses.cidr('10.60.0.0/16'),
      subnetConfiguration: [{ name: 'isolated', subnetType: ec2.SubnetType.PRIVATE_ISOLATED, cidrMask: 24 }],
    });
    filterNames(this, this.vpc.vpcId, ['login.acme.com', '*.amazonaws.com']);
    this.certificate = new CfnCertificate(this, 'Certificate', { domainName: 'core.acme.com', validationMethod: 'DNS' });
    const open = this.balancer('Open', 'on', [{ ipProtocol: 'tcp', fromPort: 443, toPort: 443, cidrIp: '10.20.0.0/16' }]);
    const shut = this.balancer('Shut', 'off', []);
    this.protect(open, shut);
    this.answer(open);
    this.listen(shut, 'Shut');
    this.consumers(open);
    this.speak();
    weighErrors(this, open, ALL_ERRORS, PAGER);
    weighErrors(this, shut, OWN_ERRORS, PAGER);
  }

  private get subnetIds(): string[] {
    return this.vpc.isolatedSubnets.map(({ subnetId }) => subnetId);
  }

  /** A group from which nothing leaves but to the services. */
  private group(name: string, securityGroupIngress: ec2.CfnSecurityGroup.IngressProperty[] = [], groupDescription = `EdgeGroup of ${name}`): ec2.CfnSecurityGroup {
    return new ec2.CfnSecurityGroup(this, name, {
      groupDescription, vpcId: this.vpc.vpcId, securityGroupIngress, securityGroupEgress: [{ ipProtocol: 'tcp', fromPort: 8443, toPort: 8443, cidrIp: '10.60.0.0/16' }],
    });
  }

  private balancer(name: string, exposure: 'on' | 'off', ingress: ec2.CfnSecurityGroup.IngressProperty[]): CfnLoadBalancer {
    return new CfnLoadBalancer(this, `${name}Balancer`, {
      scheme: 'internal', type: 'application', subnets: this.subnetIds, securityGroups: [this.group(`${name}Group`, ingress).attrGroupId],
      loadBalancerAttributes: settings(HARDENED), tags: [{ key: 'cdk-secure-core:exposure', value: exposure }],
    });
  }

  private listen(balancer: CfnLoadBalancer, name: string): CfnListener {
    return new CfnListener(this, `${name}Https`, {
      loadBalancerArn: balancer.ref, port: 443, protocol: 'HTTPS', sslPolicy: 'ELBSecurityPolicy-TLS13-1-3-PQ-2025-09', certificates: [{ certificateArn: this.certificate.ref }],
      listenerAttributes: settings(HEADERS), defaultActions: [{ type: 'fixed-response', fixedResponseConfig: { statusCode: '404' } }],
    });
  }

  private answer(balancer: CfnLoadBalancer): void {
    const targets = new CfnTargetGroup(this, 'Targets', { vpcId: this.vpc.vpcId, targetType: 'ip', port: 8443, protocol: 'HTTPS', healthCheckPath: '/health' });
    new CfnListenerRule(this, 'Rule', {
      listenerArn: this.listen(balancer, 'Open').ref,
      priority: 10,
      conditions: [{ field: 'path-pattern', pathPatternConfig: { values: ['/v1/*'] } }],
      actions: [
        {
          type: 'jwt-validation', order: 1,
          jwtValidationConfig: {
            issuer: 'https://login.acme.com/', jwksEndpoint: 'https://login.acme.com/jwks.json', additionalClaims: [{ format: 'single-string', name: 'aud', values: ['core'] }],
          },
        },
        { type: 'forward', order: 2, targetGroupArn: targets.ref },
      ],
    });
  }

  /** Requests of a known proxy are counted by the address that it names, all others by their own; each value of a key has a budget besides. */
  private protect(...balancers: CfnLoadBalancer[]): void {
    const proxies = new CfnIPSet(this, 'Proxies', { scope: 'REGIONAL', ipAddressVersion: 'IPV4', addresses: ['198.51.100.0/24'] });
    const named = { sizeConstraintStatement: { fieldToMatch: { singleHeader: { Name: 'true-client-ip' } }, comparisonOperator: 'GT', size: 0, textTransformations: NONE } };
    const trusted = { andStatement: { statements: [{ ipSetReferenceStatement: { arn: proxies.attrArn } }, named] } };
    const rate = (name: string, priority: number, statement: Omit<CfnWebACL.RateBasedStatementProperty, 'limit'>): CfnWebACL.RuleProperty => ({
      name, priority, action: { block: {} }, visibilityConfig: visibility(name), statement: { rateBasedStatement: { limit: 1200, evaluationWindowSec: 60, ...statement } },
    });
    const acl = new CfnWebACL(this, 'WebAcl', {
      scope: 'REGIONAL',
      defaultAction: { allow: {} },
      visibilityConfig: visibility('web-acl'),
      rules: [
        lockdownRule(this, visibility('lockdown')),
        rate('forwarded', 1, { aggregateKeyType: 'FORWARDED_IP', forwardedIpConfig: { headerName: 'true-client-ip', fallbackBehavior: 'MATCH' }, scopeDownStatement: trusted }),
        rate('rest', 2, { aggregateKeyType: 'IP', scopeDownStatement: { notStatement: { statement: trusted } } }),
        rate('keys', 3, { aggregateKeyType: 'CUSTOM_KEYS', customKeys: [{ header: { name: 'x-tenant-key', textTransformations: NONE } }] }),
        ...knownAttacks(visibility('known')),
      ],
    });
    for (const balancer of balancers) new CfnWebACLAssociation(this, `Protect${balancer.node.id}`, { resourceArn: balancer.ref, webAclArn: acl.attrArn });
    new CfnLoggingConfiguration(this, 'WebAclLogging', {
      resourceArn: acl.attrArn, logDestinationConfigs: ['arn:aws:s3:::aws-waf-logs-acme'],
      redactedFields: [...['authorization', 'cookie', 'x-api-key', 'x-tenant-key'].map((Name) => ({ singleHeader: { Name } })), { queryString: {} }],
    });
  }

  /** A network load balancer only passes bytes on: the one behind it ends TLS and authenticates. */
  private consumers(behind: CfnLoadBalancer): void {
    const group = this.group('LinkGroup', [], 'Nobody but endpoints');
    const balancer = new CfnLoadBalancer(this, 'LinkBalancer', {
      scheme: 'internal', type: 'network', subnets: this.subnetIds, securityGroups: [group.attrGroupId], enforceSecurityGroupInboundRulesOnPrivateLinkTraffic: 'off',
    });
    const targets = new CfnTargetGroup(this, 'LinkTargets', { vpcId: this.vpc.vpcId, targetType: 'alb', port: 443, protocol: 'TCP', targets: [{ id: behind.ref, port: 443 }] });
    new CfnListener(this, 'LinkListener', { loadBalancerArn: balancer.ref, port: 443, protocol: 'TCP', defaultActions: [{ type: 'forward', targetGroupArn: targets.ref }] });
    const service = new ec2.CfnVPCEndpointService(this, 'Link', { networkLoadBalancerArns: [balancer.ref], acceptanceRequired: true });
    new ec2.CfnVPCEndpointServicePermissions(this, 'LinkConsumers', { serviceId: service.ref, allowedPrincipals: ['arn:aws:iam::444455556666:root'] });
  }

  /** Service Connect, where each side proves by certificate who it is. */
  private speak(): void {
    const log = new CfnLogGroup(this, 'CoreLogs', { retentionInDays: 30 });
    const task = new ecs.CfnTaskDefinition(this, 'Task', {
      networkMode: 'awsvpc', requiresCompatibilities: ['FARGATE'], cpu: '512', memory: '1024',
      containerDefinitions: [{
        name: 'core', image: `111122223333.dkr.ecr.eu-central-1.amazonaws.com/core@sha256:${'9f'.repeat(32)}`, user: '1000:1000', cpu: 512, memory: 1024, readonlyRootFilesystem: true,
        linuxParameters: { capabilities: { drop: ['ALL'] } },
        logConfiguration: { logDriver: 'awslogs', options: { 'awslogs-group': log.ref, 'awslogs-region': this.region, 'awslogs-stream-prefix': 'core' } },
        portMappings: [{ containerPort: 8443, name: 'core' }],
        healthCheck: { command: ['CMD', '/bin/core', 'health'], interval: 15, retries: 3, startPeriod: 30, timeout: 5 },
      }],
    });
    const group = this.group('ServiceGroup', [], 'Connected services');
    new ecs.CfnService(this, 'Service', {
      cluster: 'core', launchType: 'FARGATE', desiredCount: 2, taskDefinition: task.ref, deploymentConfiguration: { deploymentCircuitBreaker: { enable: true, rollback: true } },
      networkConfiguration: { awsvpcConfiguration: { assignPublicIp: 'DISABLED', subnets: this.subnetIds, securityGroups: [group.attrGroupId] } },
      serviceConnectConfiguration: {
        enabled: true, namespace: 'core.acme.internal',
        services: [{ portName: 'core', tls: { issuerCertificateAuthority: { awsPcaAuthorityArn: 'arn:aws:acm-pca:eu-central-1:111122223333:certificate-authority/core' } } }],
      },
    });
  }
}
