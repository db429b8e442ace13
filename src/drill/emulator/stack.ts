import {
  type CloudFormationClient, CreateStackCommand, DeleteStackCommand, DescribeStackResourcesCommand, DescribeStacksCommand, paginateDescribeStackEvents, type Stack, type StackEvent, UpdateStackCommand,
} from '@aws-sdk/client-cloudformation';
import type { S3Client } from '@aws-sdk/client-s3';
import { isJsonMap, type JsonMap, section } from '../../checks/template/template';
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

/** What the engine said of one resource that it did not take. */
export interface Refusal {
  readonly logicalId: string;
  readonly reason: string;
}

/** A deployment that the engine has rolled back, with whatever it said of each resource. */
export class RefusedError extends EmulatorError {
  public constructor(message: string, public readonly refusals: readonly Refusal[]) {
    super(message);
  }
}

/** One stack of the emulator's CloudFormation, created by the first template and updated by those that follow. */
export class EmulatedStack {
  private last?: { readonly body: string; readonly state: StackState };

  public constructor(private readonly name: string, private readonly cloudFormation: CloudFormationClient, private readonly s3: S3Client) {}

  public async put(template: JsonMap, parameters: ReadonlyMap<string, string>): Promise<StackState> {
    const body = JSON.stringify(template);
    if (this.last?.body === body) return this.last.state;
    const { Outputs = [] } = await this.send(body, parameters);
    const { StackResources = [] } = await this.cloudFormation.send(new DescribeStackResourcesCommand({ StackName: this.name }));
    const state = {
      physicalIds: new Map(StackResources.map(({ LogicalResourceId = '', PhysicalResourceId = '' }) => [LogicalResourceId, PhysicalResourceId])),
      outputs: new Map(Outputs.map(({ OutputKey = '', OutputValue = '' }) => [OutputKey, OutputValue])),
    };
    this.last = { body, state };
    return state;
  }

  private async send(body: string, parameters: ReadonlyMap<string, string>): Promise<Stack> {
    const request = {
      StackName: this.name,
      ...(Buffer.byteLength(body) > MAX_BODY_BYTES ? { TemplateURL: await this.upload(body) } : { TemplateBody: body }),
      Parameters: [...parameters].map(([ParameterKey, ParameterValue]) => ({ ParameterKey, ParameterValue })),
      Capabilities: ['CAPABILITY_NAMED_IAM' as const, 'CAPABILITY_AUTO_EXPAND' as const],
      // What a first attempt has made and would retain is in the way of the next.
      RetainExceptOnCreate: true,
    };
    try {
      await this.cloudFormation.send(this.last === undefined ? new CreateStackCommand(request) : new UpdateStackCommand(request));
    } catch (error) {
      throw failed(`Stack ${this.name} is refused by the emulator: ${messageOf(error)}`, []);
    }
    const stack = await this.settled();
    const { StackStatus: status = '' } = stack;
    if (/^(CREATE|UPDATE)_COMPLETE$/.test(status)) return stack;
    const events = await this.events();
    const refused = failuresIn(events);
    const reasons = refused.map(({ LogicalResourceId: id = '?', ResourceType: type = '?', ResourceStatusReason: why = 'no reason given' }) => `${id} (${type}): ${why}`);
    const said = reasons.length > 0 ? reasons.join('; ') : `the engine gives no reason, and these never came to be: ${unfinished(body, events).join(', ') || 'none'}`;
    // A stack whose creation was rolled back takes no update, so it makes way for the next attempt.
    if (this.last === undefined) await this.cloudFormation.send(new DeleteStackCommand({ StackName: this.name }));
    const message = `Stack ${this.name} cannot be deployed to the emulator, it ended as ${status}: ${said}`;
    throw failed(message, refused.map(({ LogicalResourceId: logicalId = '', ResourceStatusReason: reason = '' }) => ({ logicalId, reason })));
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

  /** What has happened to the stack, oldest first. All pages: a rollback writes more than one about what it takes away again. */
  private async events(): Promise<readonly StackEvent[]> {
    const found: StackEvent[] = [];
    for await (const { StackEvents = [] } of paginateDescribeStackEvents({ client: this.cloudFormation }, { StackName: this.name })) found.push(...StackEvents);
    return found.reverse();
  }
}

/** With the engine's own reason for each. */
function failuresIn(events: readonly StackEvent[]): readonly StackEvent[] {
  return events.filter(({ ResourceStatus, ResourceStatusReason: why = '' }) => ResourceStatus?.endsWith('_FAILED') && !/cancelled/i.test(why));
}

/** The resources of a template that no event reports complete. */
export function unfinished(body: string, events: readonly StackEvent[]): readonly string[] {
  const complete = new Set(events.filter(({ ResourceStatus = '' }) => /^(CREATE|UPDATE)_COMPLETE$/.test(ResourceStatus)).map(({ LogicalResourceId }) => LogicalResourceId));
  const resources = Object.entries(section({ name: '', body: JSON.parse(body) as JsonMap }, 'Resources'));
  return resources.filter(([id]) => !complete.has(id)).map(([id, raw]) => `${id} (${isJsonMap(raw) ? String(raw.Type) : '?'})`);
}

const MISSING_ATTRIBUTE = /Requested attribute (\S+) does not exist in schema for (\S+)/;

function failed(message: string, refusals: readonly Refusal[]): EmulatorError {
  const [, attribute, type] = MISSING_ATTRIBUTE.exec(message) ?? [];
  return attribute === undefined || type === undefined ? new RefusedError(message, refusals) : new MissingAttributeError(message, type, attribute);
}
