import { ArnFormat, Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as ecr from 'aws-cdk-lib/aws-ecr';
import * as ecs from 'aws-cdk-lib/aws-ecs';
import { CfnReplicationGroup, CfnSubnetGroup } from 'aws-cdk-lib/aws-elasticache';
import * as elbv2 from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { CfnSecret } from 'aws-cdk-lib/aws-secretsmanager';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { UrlSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { CfnLoggingConfiguration, CfnWebACL, CfnWebACLAssociation } from 'aws-cdk-lib/aws-wafv2';
import type { Construct } from 'constructs';
import { ROTATION_BY_ISSUER_METADATA } from '../../../src/secrets/contract';
import { filterNames, knownAttacks, lockdownRule, watchReads } from './parts';
import { ALL_ERRORS } from './watch';

const visibility = (metricName: string): CfnWebACL.VisibilityConfigProperty => ({ cloudWatchMetricsEnabled: true, metricName, sampledRequestsEnabled: false });

/** An internal load balancer that verifies tokens, in front of Fargate, as a careful team writes it in the CDK without this library. */
export class AlbJwtStack extends Stack {
  private readonly vpc: ec2.Vpc;

  public constructor(scope: Construct, id: string) {
    super(scope, id);
    this.vpc = new ec2.Vpc(this, 'Vpc', {
      maxAzs: 2,
      natGateways: 1,
      restrictDefaultSecurityGroup: true,
      ipAddresses: ec2.IpAddresses.cidr('10.40.0.0/16'),
      subnetConfiguration: [
        { name: 'nat', subnetType: ec2.SubnetType.PUBLIC, cidrMask: 26, mapPublicIpOnLaunch: false },
        { name: 'ingress', subnetType: ec2.SubnetType.PRIVATE_WITH_EGRESS, cidrMask: 24 },
        { name: 'core', subnetType: ec2.SubnetType.PRIVATE_ISOLATED, cidrMask: 24 },
      ],
    });
    const flow = new LogGroup(this, 'FlowLogs', { retention: RetentionDays.ONE_MONTH, removalPolicy: RemovalPolicy.RETAIN });
    this.vpc.addFlowLog('Flow', { destination: ec2.FlowLogDestination.toCloudWatchLogs(flow) });
    filterNames(this, this.vpc.vpcId, ['login.acme.com', '*.amazonaws.com']);
    const [edge, own] = ['EdgeGroup', 'CoreGroup'].map((name) => new ec2.SecurityGroup(this, name, { vpc: this.vpc, allowAllOutbound: false, description: name }));
    if (!edge || !own) return;
    edge.addIngressRule(ec2.Peer.ipv4('10.20.0.0/16'), ec2.Port.tcp(443), 'Platform');
    edge.addEgressRule(ec2.Peer.anyIpv4(), ec2.Port.tcp(443), 'Signing keys');
    own.addIngressRule(edge, ec2.Port.tcp(8443), 'Load balancer');
    edge.addEgressRule(own, ec2.Port.tcp(8443), 'Core');
    const balancer = this.balancer(edge);
    this.protect(balancer);
    const targets = this.service(own);
    this.listen(balancer, targets);
    this.cache(own);
    this.watch(balancer);
  }

  private balancer(edge: ec2.SecurityGroup): elbv2.ApplicationLoadBalancer {
    return new elbv2.ApplicationLoadBalancer(this, 'Balancer', {
      vpc: this.vpc,
      vpcSubnets: { subnetGroupName: 'ingress' },
      securityGroup: edge,
      internetFacing: false,
      deletionProtection: true,
      dropInvalidHeaderFields: true,
      desyncMitigationMode: elbv2.DesyncMitigationMode.STRICTEST,
      xffHeaderProcessingMode: elbv2.XffHeaderProcessingMode.APPEND,
      wafFailOpen: false,
    });
  }

  private protect(balancer: elbv2.ApplicationLoadBalancer): void {
    const acl = new CfnWebACL(this, 'WebAcl', {
      scope: 'REGIONAL',
      defaultAction: { allow: {} },
      visibilityConfig: visibility('web-acl'),
      rules: [
        lockdownRule(this, visibility('lockdown')),
        {
          name: 'rate', priority: 1, action: { block: {} }, visibilityConfig: visibility('rate'),
          statement: { rateBasedStatement: { aggregateKeyType: 'IP', limit: 1200, evaluationWindowSec: 60 } },
        },
        ...knownAttacks(visibility('known')),
      ],
    });
    new CfnWebACLAssociation(this, 'WebAclAssociation', { resourceArn: balancer.loadBalancerArn, webAclArn: acl.attrArn });
    const log = new LogGroup(this, 'WebAclLogs', { logGroupName: 'aws-waf-logs-core', retention: RetentionDays.ONE_MONTH });
    new CfnLoggingConfiguration(this, 'WebAclLogging', {
      resourceArn: acl.attrArn,
      logDestinationConfigs: [Stack.of(this).formatArn({ service: 'logs', resource: 'log-group', resourceName: log.logGroupName, arnFormat: ArnFormat.COLON_RESOURCE_NAME })],
      redactedFields: [...['authorization', 'cookie', 'x-api-key'].map((name) => ({ singleHeader: { Name: name } })), { queryString: {} }],
    });
  }

  private service(own: ec2.SecurityGroup): elbv2.ApplicationTargetGroup {
    const task = new ecs.FargateTaskDefinition(this, 'Task', { cpu: 512, memoryLimitMiB: 1024 });
    const providerKey = new CfnSecret(this, 'ProviderKey', { kmsKeyId: 'alias/core', generateSecretString: { passwordLength: 40 } });
    // Only its issuer can renew it.
    providerKey.addMetadata(ROTATION_BY_ISSUER_METADATA, 90);
    watchReads(this);
    task.addContainer('core', {
      image: ecs.ContainerImage.fromRegistry(`111122223333.dkr.ecr.eu-central-1.amazonaws.com/core@sha256:${'9f'.repeat(32)}`),
      user: '1000:1000',
      cpu: 512,
      memoryLimitMiB: 1024,
      readonlyRootFilesystem: true,
      portMappings: [{ containerPort: 8443 }],
      environment: { ENV: 'production', DEBUG: 'false', LOG_LEVEL: 'INFO', TGEFD_JWT_ALLOWED_ALGS: 'RS256' },
      linuxParameters: new ecs.LinuxParameters(this, 'Linux'),
      logging: ecs.LogDrivers.awsLogs({ streamPrefix: 'core', logGroup: new LogGroup(this, 'CoreLogs', { retention: RetentionDays.ONE_MONTH }), mode: ecs.AwsLogDriverMode.BLOCKING }),
    });
    const plain = task.node.defaultChild as ecs.CfnTaskDefinition;
    plain.addPropertyOverride('ContainerDefinitions.0.LinuxParameters.Capabilities', { Drop: ['ALL'] });
    plain.addPropertyOverride('ContainerDefinitions.0.Secrets', [{ Name: 'OPENAI_API_KEY', ValueFrom: providerKey.ref }]);
    const service = new ecs.FargateService(this, 'Service', {
      cluster: new ecs.Cluster(this, 'Cluster', { vpc: this.vpc, containerInsightsV2: ecs.ContainerInsights.ENABLED }),
      taskDefinition: task,
      desiredCount: 2,
      assignPublicIp: false,
      securityGroups: [own],
      vpcSubnets: { subnetGroupName: 'core' },
      circuitBreaker: { rollback: true },
      minHealthyPercent: 100,
    });
    new ecr.CfnRepository(this, 'Repository', { imageTagMutability: 'IMMUTABLE', imageScanningConfiguration: { scanOnPush: true }, encryptionConfiguration: { encryptionType: 'KMS' } });
    return new elbv2.ApplicationTargetGroup(this, 'Targets', {
      vpc: this.vpc, port: 8443, protocol: elbv2.ApplicationProtocol.HTTPS, targetType: elbv2.TargetType.IP, targets: [service],
      healthCheck: { path: '/health', healthyHttpCodes: '200', interval: Duration.seconds(15), protocol: elbv2.Protocol.HTTPS },
    });
  }

  private listen(balancer: elbv2.ApplicationLoadBalancer, targets: elbv2.ApplicationTargetGroup): void {
    const listener = balancer.addListener('Https', {
      port: 443,
      open: false,
      sslPolicy: elbv2.SslPolicy.TLS13_13,
      certificates: [elbv2.ListenerCertificate.fromArn('arn:aws:acm:eu-central-1:111122223333:certificate/6a4f1e0c-2b3d-4c5e-8f90-a1b2c3d4e5f6')],
      defaultAction: elbv2.ListenerAction.fixedResponse(404),
    });
    listener.setAttribute('routing.http.response.strict_transport_security.header_value', 'max-age=31536000; includeSubDomains');
    listener.setAttribute('routing.http.response.x_content_type_options.header_value', 'nosniff');
    listener.setAttribute('routing.http.response.server.enabled', 'false');
    listener.setAttribute('routing.http.response.x_frame_options.header_value', 'DENY');
    new elbv2.CfnListenerRule(this, 'Rule', {
      listenerArn: listener.listenerArn,
      priority: 10,
      conditions: [{ field: 'path-pattern', pathPatternConfig: { values: ['/v1/*'] } }],
      actions: [
        {
          type: 'jwt-validation', order: 1,
          jwtValidationConfig: {
            issuer: 'https://login.acme.com/',
            jwksEndpoint: 'https://login.acme.com/.well-known/jwks.json',
            additionalClaims: [
              { format: 'single-string', name: 'client_id', values: ['platform'] },
              { format: 'single-string', name: 'token_use', values: ['access'] },
            ],
          },
        },
        { type: 'forward', order: 2, targetGroupArn: targets.targetGroupArn },
      ],
    });
  }

  private cache(own: ec2.SecurityGroup): void {
    const group = new ec2.SecurityGroup(this, 'RedisGroup', { vpc: this.vpc, allowAllOutbound: false, description: 'Redis' });
    group.addIngressRule(own, ec2.Port.tcp(6379), 'Core');
    own.addEgressRule(group, ec2.Port.tcp(6379), 'Redis');
    const subnets = new CfnSubnetGroup(this, 'RedisSubnets', { description: 'Redis', subnetIds: this.vpc.selectSubnets({ subnetGroupName: 'core' }).subnetIds });
    const redis = new CfnReplicationGroup(this, 'Redis', {
      replicationGroupDescription: 'Limits and leases',
      engine: 'valkey',
      cacheNodeType: 'cache.t4g.small',
      cacheSubnetGroupName: subnets.ref,
      securityGroupIds: [group.securityGroupId],
      numNodeGroups: 1,
      replicasPerNodeGroup: 1,
      automaticFailoverEnabled: true,
      multiAzEnabled: true,
      transitEncryptionEnabled: true,
      transitEncryptionMode: 'required',
      atRestEncryptionEnabled: true,
      userGroupIds: ['core'],
      snapshotRetentionLimit: 7,
    });
    redis.applyRemovalPolicy(RemovalPolicy.SNAPSHOT);
  }

  private watch(balancer: elbv2.ApplicationLoadBalancer): void {
    const masterKey = new Key(this, 'OnCallKey', { enableKeyRotation: true });
    masterKey.grantEncryptDecrypt(new ServicePrincipal('cloudwatch.amazonaws.com'));
    const topic = new Topic(this, 'OnCall', { enforceSSL: true, masterKey });
    // The policy that asks for TLS takes the place of the one by which everything in the account may publish.
    topic.grantPublish(new ServicePrincipal('cloudwatch.amazonaws.com'));
    topic.addSubscription(new UrlSubscription('https://pager.acme.com/core'));
    for (const metricName of ALL_ERRORS) {
      const alarm = new cloudwatch.Alarm(this, metricName.replaceAll('_', ''), {
        metric: new cloudwatch.Metric({ namespace: 'AWS/ApplicationELB', metricName, statistic: 'Sum', dimensionsMap: { LoadBalancer: balancer.loadBalancerFullName } }),
        threshold: 10,
        evaluationPeriods: 3,
      });
      alarm.addAlarmAction(new SnsAction(topic));
    }
  }
}
