import { Annotations, Stack } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import type * as iam from 'aws-cdk-lib/aws-iam';
import type { IConstruct } from 'constructs';
import { AwsServices } from '../network/aws-services';
import { type IPrivateNetwork, PrivateNetwork } from '../network/private-network';
import type { DeviceNetwork } from './device-network';

const OPEN = 'network has coreEgress, and takes every address for one of Amazon S3 or DynamoDB: workers would reach the servers that a Core beside them may. '
  + 'Name s3PrefixList and dynamoDbPrefixList there.';
const OPEN_TO_DEVICES = 'network takes every address for one of Amazon S3 or DynamoDB: '
  + 'whatever the route to the devices leads to, workers reach port 443 of all of it, and not the ports of devices alone. '
  + 'Name s3PrefixList and dynamoDbPrefixList in the network (ec2.PrefixList.fromPrefixListId), or acknowledge this where that route leads to the devices and nowhere else.';

/**
 * Lets AWS Fargate start workers: what it does in the name of their execution role goes by their own network interface.
 *
 * The tier's declared egress is left out: a Core beside them may reach a public server, and whoever holds credentials of devices may not.
 *
 * @param devices to which somebody makes a route that the network does not know
 */
export function letStart(parent: IConstruct, network: IPrivateNetwork, workers: ec2.IConnectable, executionRole: iam.IRole, devices: readonly DeviceNetwork[]): void {
  const { awsServices } = network;
  if (awsServices instanceof AwsServices) awsServices.allow(workers, [executionRole]);
  else network.allowToAwsServices(workers, executionRole);
  if (!(network instanceof PrivateNetwork)) return;
  const reachesServers = network._coreDomains.length > 0;
  // As late as this, since the network opens what the roles ask for once everything has been granted.
  parent.node.addValidation({
    validate: () => {
      if (!letsOutEverywhere(parent, workers)) return [];
      if (reachesServers) return [OPEN];
      if (devices.length > 0) Annotations.of(parent).addWarningV2('cdk-secure-core:open-to-devices', OPEN_TO_DEVICES);
      return [];
    },
  });
}

/** Gateway endpoints are reached by public addresses, and without a list of them the network lets all of them out. */
function letsOutEverywhere(parent: IConstruct, { connections }: ec2.IConnectable): boolean {
  const groups = connections.securityGroups.map(({ node }) => node.defaultChild).filter((child) => child instanceof ec2.CfnSecurityGroup);
  return JSON.stringify(Stack.of(parent).resolve(groups.map(({ securityGroupEgress }) => securityGroupEgress))).includes('"0.0.0.0/0"');
}
