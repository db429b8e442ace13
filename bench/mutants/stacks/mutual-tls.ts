import { RemovalPolicy, Stack } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import { CfnListener, CfnListenerRule, CfnLoadBalancer, CfnTargetGroup, CfnTrustStore, CfnTrustStoreRevocation } from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import * as ecs from 'aws-cdk-lib/aws-ecs';
import * as iam from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { CfnDBInstance, CfnDBParameterGroup, CfnDBSubnetGroup } from 'aws-cdk-lib/aws-rds';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { CfnSecret } from 'aws-cdk-lib/aws-secretsmanager';
import type { Construct } from 'constructs';
import { filterNames, HARDENED, HEADERS, protect, renew, settings, watchReads } from './parts';
import { backUp } from './recovery';
import { Stores } from './stores';
import { countErrors, pager } from './watch';

const CERTIFICATE = 'arn:aws:acm:eu-central-1:111122223333:certificate/0b1c2d3e-4f50-4617-8293-a4b5c6d7e8f9';

/** Where the database is, and how to know it. */
const DATABASE = [{ name: 'POSTGRES_HOST', value: 'database.core.internal' }, { name: 'PGSSLMODE', value: 'verify-full' }, { name: 'PGSSLROOTCERT', value: '/etc/ssl/rds.pem' }];

/** Callers prove who they are by certificate; port 80 only redirects; two versions of the Core share the traffic. Mostly L1, as migrated templates are. */
export class MutualTlsStack extends Stack {
  private readonly vpc: ec2.Vpc;
  private readonly own: ec2.CfnSecurityGroup[] = [];
  private readonly key: Key;
  private readonly stores: Stores;

  public constructor(scope: Construct, id: string) {
    super(scope, id);
    this.vpc = new ec2.Vpc(this, 'Vpc', {
      maxAzs: 2,
      natGateways: 0,
      restrictDefaultSecurityGroup: true,
      ipAddresses: ec2.IpAddresses.cidr('10.60.0.0/16'),
      subnetConfiguration: [{ name: 'isolated', subnetType: ec2.SubnetType.PRIVATE_ISOLATED, cidrMask: 24 }],
    });
    this.key = new Key(this, 'Key', { enableKeyRotation: true });
    this.stores = new Stores(this, this.key);
    filterNames(this, this.vpc.vpcId, ['*.amazonaws.com']);
    const edge = new ec2.CfnSecurityGroup(this, 'Edge', {
      groupDescription: 'Load balancer',
      vpcId: this.vpc.vpcId,
      securityGroupIngress: [443, 80].map((port) => ({ ipProtocol: 'tcp', fromPort: port, toPort: port, cidrIp: '10.20.0.0/16' })),
      securityGroupEgress: [{ ipProtocol: 'tcp', fromPort: 8443, toPort: 8443, cidrIp: '10.60.0.0/16' }],
    });
    const balancer = new CfnLoadBalancer(this, 'Balancer', {
      type: 'application', scheme: 'internal', subnets: this.subnets, securityGroups: [edge.attrGroupId], loadBalancerAttributes: settings(HARDENED),
    });
    protect(this, balancer.ref, 'flood');
    const [blue, green] = ['Blue', 'Green'].map((color) => this.service(color, edge));
    if (blue && green) this.listen(balancer, blue, green);
    this.database();
    this.stores.cache(this.storeGroup('Cache', 11211), this.subnets);
    countErrors(this, balancer, pager(this));
    backUp(this, 'assets', this.stores.assets.bucketArn, 'S3', this.key.keyArn);
  }

  private get subnets(): string[] {
    return this.vpc.selectSubnets({ subnetGroupName: 'isolated' }).subnetIds;
  }

  private listen(balancer: CfnLoadBalancer, blue: CfnTargetGroup, green: CfnTargetGroup): void {
    const vault = new s3.Bucket(this, 'TrustBucket', {
      blockPublicAccess: s3.BlockPublicAccess.BLOCK_ALL, enforceSSL: true, versioned: true, encryption: s3.BucketEncryption.S3_MANAGED, removalPolicy: RemovalPolicy.RETAIN,
    });
    const trust = new CfnTrustStore(this, 'Trust', { caCertificatesBundleS3Bucket: vault.bucketName, caCertificatesBundleS3Key: 'ca.pem' });
    new CfnTrustStoreRevocation(this, 'Revoked', { trustStoreArn: trust.ref, revocationContents: [{ revocationType: 'CRL', s3Bucket: vault.bucketName, s3Key: 'revoked.crl' }] });
    new CfnListener(this, 'Plain', {
      loadBalancerArn: balancer.ref, protocol: 'HTTP', port: 80,
      defaultActions: [{ type: 'redirect', redirectConfig: { protocol: 'HTTPS', port: '443', statusCode: 'HTTP_301' } }],
    });
    const listener = new CfnListener(this, 'Mutual', {
      loadBalancerArn: balancer.ref, protocol: 'HTTPS', port: 443, sslPolicy: 'ELBSecurityPolicy-TLS13-1-3-2021-06',
      certificates: [{ certificateArn: CERTIFICATE }],
      mutualAuthentication: { mode: 'verify', trustStoreArn: trust.ref, ignoreClientCertificateExpiry: false, advertiseTrustStoreCaNames: 'on' },
      listenerAttributes: settings(HEADERS),
      defaultActions: [{ type: 'fixed-response', fixedResponseConfig: { statusCode: '404', contentType: 'text/plain' } }],
    });
    new CfnListenerRule(this, 'Admin', {
      listenerArn: listener.ref, priority: 1,
      conditions: [{ field: 'path-pattern', pathPatternConfig: { values: ['/admin', '/admin/*'] } }],
      actions: [{ type: 'fixed-response', fixedResponseConfig: { statusCode: '404' } }],
    });
    new CfnListenerRule(this, 'Split', {
      listenerArn: listener.ref, priority: 2,
      conditions: [{ field: 'host-header', hostHeaderConfig: { values: ['core.acme.internal'] } }],
      actions: [{ type: 'forward', forwardConfig: { targetGroups: [{ targetGroupArn: blue.ref, weight: 90 }, { targetGroupArn: green.ref, weight: 10 }] } }],
    });
  }

  private service(color: string, edge: ec2.CfnSecurityGroup): CfnTargetGroup {
    const own = new ec2.CfnSecurityGroup(this, `${color}Group`, {
      groupDescription: color, vpcId: this.vpc.vpcId,
      securityGroupIngress: [{ ipProtocol: 'tcp', fromPort: 8443, toPort: 8443, sourceSecurityGroupId: edge.attrGroupId }],
      securityGroupEgress: [5432, 11211].map((port) => ({ ipProtocol: 'tcp', fromPort: port, toPort: port, cidrIp: '10.60.0.0/16' })),
    });
    this.own.push(own);
    const logs = new LogGroup(this, `${color}Logs`, { retention: RetentionDays.TWO_WEEKS });
    const role = new iam.Role(this, `${color}Role`, { assumedBy: new iam.ServicePrincipal('ecs-tasks.amazonaws.com') });
    logs.grantWrite(role);
    const task = new ecs.CfnTaskDefinition(this, `${color}Task`, {
      requiresCompatibilities: ['FARGATE'], networkMode: 'awsvpc', cpu: '512', memory: '1024', executionRoleArn: role.roleArn,
      taskRoleArn: this.stores.roleOf(color).roleArn,
      containerDefinitions: [{
        name: 'core',
        image: `111122223333.dkr.ecr.eu-central-1.amazonaws.com/core@sha256:${'ab'.repeat(32)}`,
        user: '10001', cpu: 512, memory: 1024, essential: true, readonlyRootFilesystem: true, privileged: false,
        linuxParameters: { capabilities: { drop: ['ALL'] } },
        portMappings: [{ containerPort: 8443 }],
        environment: [{ name: 'ENV', value: 'production' }, ...DATABASE, ...this.stores.environment],
        secrets: [{ name: 'POSTGRES_PASSWORD', valueFrom: `${this.password.ref}:password::` }, ...this.stores.secrets],
        logConfiguration: { logDriver: 'awslogs', options: { 'awslogs-group': logs.logGroupName, 'awslogs-region': this.region, 'awslogs-stream-prefix': color } },
      }],
    });
    const targets = new CfnTargetGroup(this, `${color}Targets`, { vpcId: this.vpc.vpcId, targetType: 'ip', protocol: 'HTTPS', port: 8443, healthCheckPath: '/health' });
    new ecs.CfnService(this, `${color}Service`, {
      launchType: 'FARGATE', taskDefinition: task.ref, desiredCount: 2, deploymentConfiguration: { deploymentCircuitBreaker: { enable: true, rollback: true } },
      loadBalancers: [{ containerName: 'core', containerPort: 8443, targetGroupArn: targets.ref }],
      networkConfiguration: { awsvpcConfiguration: { assignPublicIp: 'DISABLED', subnets: this.subnets, securityGroups: [own.attrGroupId] } },
    });
    return targets;
  }

  /** Made on first use: both services read the one password. */
  private get password(): CfnSecret {
    const known = this.node.tryFindChild('Password');
    if (known instanceof CfnSecret) return known;
    const secret = new CfnSecret(this, 'Password', {
      kmsKeyId: this.key.keyArn,
      generateSecretString: { passwordLength: 32, excludePunctuation: true, secretStringTemplate: '{"username":"core"}', generateStringKey: 'password' },
    });
    renew(this, secret);
    watchReads(this);
    return secret;
  }

  /** Both services reach it at its port; it opens no connection. */
  private storeGroup(name: string, port: number): ec2.CfnSecurityGroup {
    return new ec2.CfnSecurityGroup(this, `${name}Group`, {
      groupDescription: name, vpcId: this.vpc.vpcId,
      securityGroupIngress: this.own.map((service) => ({ ipProtocol: 'tcp', fromPort: port, toPort: port, sourceSecurityGroupId: service.attrGroupId })),
      securityGroupEgress: [{ ipProtocol: 'icmp', fromPort: 252, toPort: 86, cidrIp: '255.255.255.255/32' }],
    });
  }

  private database(): void {
    const subnets = new CfnDBSubnetGroup(this, 'DatabaseSubnets', { dbSubnetGroupDescription: 'Isolated', subnetIds: this.subnets });
    const parameters = new CfnDBParameterGroup(this, 'DatabaseParameters', { description: 'TLS only', family: 'postgres14', parameters: { 'rds.force_ssl': '1' } });
    const database = new CfnDBInstance(this, 'Database', {
      engineVersion: '14.12', dbParameterGroupName: parameters.ref, kmsKeyId: 'alias/core',
      vpcSecurityGroups: [this.storeGroup('Database', 5432).attrGroupId],
      engine: 'postgres', dbInstanceClass: 'db.t4g.small', allocatedStorage: '20', dbSubnetGroupName: subnets.ref, publiclyAccessible: false, storageEncrypted: true,
      multiAz: true, backupRetentionPeriod: 14, deletionProtection: true, manageMasterUserPassword: true, masterUserSecret: { kmsKeyId: 'alias/core' }, masterUsername: 'core',
    });
    database.applyRemovalPolicy(RemovalPolicy.RETAIN);
  }
}
