import {
  type CloudFormationClient, CreateStackCommand, DeleteStackCommand, DescribeStackEventsCommand, DescribeStackResourcesCommand, DescribeStacksCommand, type Stack, UpdateStackCommand,
} from '@aws-sdk/client-cloudformation';
import type { S3Client } from '@aws-sdk/client-s3';
import type { JsonMap } from '../../checks/template/template';
import { putObject } from './bucket';
import { EmulatorError } from './emulator';
import { messageOf } from '../message-of';

/** What a request to CloudFormation may carry in its own body. */
const MAX_BODY_BYTES = 51_200;
const TEMPLATE_BUCKET = 'drill-templates';
const POLL_MS = 20;
const TIMEOUT_MS = 60_000;

export interface StackState {
  /** By logical id. */
  readonly physicalIds: ReadonlyMap<string, string>;
  readonly outputs: ReadonlyMap<string, string>;
}

/** The engine has the type, and not an attribute of it that the template reads. */
export class MissingAttributeError extends EmulatorError {
  public constructor(message: string, public readonly type: string, public readonly attribute: string) {
    super(message);
  }
}

/** One stack of the emulator's CloudFormation, created by the first template and updated by those that follow. */
export class EmulatedStack {
  private last?: string;

  public constructor(private readonly name: string, private readonly cloudFormation: CloudFormationClient, private readonly s3: S3Client) {}

  public async put(template: JsonMap, parameters: ReadonlyMap<string, string>): Promise<StackState> {
    const body = JSON.stringify(template);
    if (body !== this.last) await this.send(body, parameters);
    this.last = body;
    const [stack, { StackResources = [] }] = await Promise.all([
      this.settled(),
      this.cloudFormation.send(new DescribeStackResourcesCommand({ StackName: this.name })),
    ]);
    return {
      physicalIds: new Map(StackResources.map(({ LogicalResourceId = '', PhysicalResourceId = '' }) => [LogicalResourceId, PhysicalResourceId])),
      outputs: new Map((stack.Outputs ?? []).map(({ OutputKey = '', OutputValue = '' }) => [OutputKey, OutputValue])),
    };
  }

  private async send(body: string, parameters: ReadonlyMap<string, string>): Promise<void> {
    const request = {
      StackName: this.name,
      ...(Buffer.byteLength(body) > MAX_BODY_BYTES ? { TemplateURL: await this.upload(body) } : { TemplateBody: body }),
      Parameters: [...parameters].map(([ParameterKey, ParameterValue]) => ({ ParameterKey, ParameterValue })),
      Capabilities: ['CAPABILITY_NAMED_IAM' as const, 'CAPABILITY_AUTO_EXPAND' as const],
    };
    try {
      await this.cloudFormation.send(this.last === undefined ? new CreateStackCommand(request) : new UpdateStackCommand(request));
    } catch (error) {
      throw failed(`Stack ${this.name} is refused by the emulator: ${messageOf(error)}`);
    }
    const { StackStatus: status = '' } = await this.settled();
    if (/^(CREATE|UPDATE)_COMPLETE$/.test(status)) return;
    const reasons = await this.failures();
    // A stack whose creation was rolled back takes no update, so it makes way for the next attempt.
    if (this.last === undefined) await this.cloudFormation.send(new DeleteStackCommand({ StackName: this.name }));
    throw failed(`Stack ${this.name} cannot be deployed to the emulator, it ended as ${status}: ${reasons}`);
  }

  private async upload(body: string): Promise<string> {
    const Key = `${this.name}.json`;
    await putObject(this.s3, TEMPLATE_BUCKET, Key, body);
    // Nobody is asked there: the engine reads bucket and key off the address, which it wants in this form.
    return `https://s3.amazonaws.com/${TEMPLATE_BUCKET}/${Key}`;
  }

  private async settled(): Promise<Stack> {
    const deadline = Date.now() + TIMEOUT_MS;
    for (;;) {
      const { Stacks } = await this.cloudFormation.send(new DescribeStacksCommand({ StackName: this.name }));
      const stack = Stacks?.[0];
      if (stack && !stack.StackStatus?.endsWith('_IN_PROGRESS')) return stack;
      if (Date.now() > deadline) throw new EmulatorError(`Stack ${this.name} is still ${stack?.StackStatus ?? 'unknown'} after ${TIMEOUT_MS / 1000} s.`);
      await new Promise((resolve) => setTimeout(resolve, POLL_MS));
    }
  }

  /** The engine's own reason for each resource that failed, oldest first. */
  private async failures(): Promise<string> {
    const { StackEvents = [] } = await this.cloudFormation.send(new DescribeStackEventsCommand({ StackName: this.name }));
    const failed = StackEvents.filter(({ ResourceStatus, ResourceStatusReason: why = '' }) => ResourceStatus?.endsWith('_FAILED') && !/cancelled/i.test(why)).reverse();
    const reasons = failed.map(({ LogicalResourceId: id = '?', ResourceType: type = '?', ResourceStatusReason: why = 'no reason given' }) => `${id} (${type}): ${why}`);
    return reasons.length > 0 ? reasons.join('; ') : 'the engine gives no reason';
  }
}

const MISSING_ATTRIBUTE = /Requested attribute (\S+) does not exist in schema for (\S+)/;

function failed(message: string): EmulatorError {
  const [, attribute, type] = MISSING_ATTRIBUTE.exec(message) ?? [];
  return attribute === undefined || type === undefined ? new EmulatorError(message) : new MissingAttributeError(message, type, attribute);
}
