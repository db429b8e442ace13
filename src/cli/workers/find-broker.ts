import { BROKER_TAG, PHASES } from '../../broker/contract';
import { UsageError } from '../usage-error';
import type { DeployedBroker, WorkersAws } from './aws';

/** The broker of a stack, nested stacks included. @param wanted its place in the stack, or its ARN, where there are several */
export async function findBroker(aws: WorkersAws, stack: string, wanted: string | undefined): Promise<DeployedBroker> {
  const resources = await aws.resourcesOf(stack);
  if (!resources) throw new UsageError(`There is no stack ${stack} in this account and region.`);
  const brokers: DeployedBroker[] = [];
  // One after the other: a stack has a dozen functions, and Lambda throttles.
  for (const { path, physicalId } of resources.filter(({ type, physicalId }) => type === 'AWS::Lambda::Function' && physicalId !== '')) {
    const { arn, tags } = await aws.describe(physicalId);
    const tag = tags.get(BROKER_TAG);
    if (tag !== undefined) brokers.push({ path, arn, phase: PHASES.find((phase) => phase === tag) });
  }
  if (brokers.length === 0) throw new UsageError(`Stack ${stack} has no broker: none of its functions carries the tag ${BROKER_TAG}.`);
  const paths = brokers.map(({ path }) => path).join(', ');
  const meant = wanted === undefined ? brokers : brokers.filter(({ path, arn }) => [path, path.slice(stack.length + 1), arn].includes(wanted));
  const [broker, ...more] = meant;
  if (broker === undefined) throw new UsageError(`--broker ${wanted ?? ''}: the stack has ${paths}.`);
  if (more.length > 0) throw new UsageError(`Stack ${stack} has several brokers: add --broker with one of ${paths}.`);
  return broker;
}
