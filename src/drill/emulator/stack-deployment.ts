import type { Resource } from '../../checks/template/resource';
import { isJsonMap, type Json, type JsonMap, section, type Template } from '../../checks/template/template';
import { isMap } from '../../checks/template/value';
import { askFor, type Asked, isAsked } from './asked';
import type { AwsClients } from './aws-clients';
import { asTold, COMPLETED_BY_API } from './completed-by-api';
import { CREATED_BY_API } from './created-by-api';
import { EmulatorError } from './emulator';
import { messageOf } from '../message-of';
import type { Gaps } from './gaps';
import { stackNameOf } from './ground';
import { type Ledger, resolveLoosely } from './ledger';
import { soughtOutside } from './outside';
import { type Pointer, pointersIn, replacePointers } from './references';
import { attributeInstead, dependsOn, parameterText } from './template-words';
import { EmulatedStack, MissingAttributeError, RefusedError, type StackState } from './stack';

export interface DeploymentContext {
  readonly aws: AwsClients;
  readonly ledger: Ledger;
  readonly gaps: Gaps;
  resourcesOf(template: Template): ReadonlyMap<string, Resource>;
  /** Attributes of a resource that somebody reads. */
  wanted(template: string, logicalId: string): readonly string[];
}

const NESTED = 'AWS::CloudFormation::Stack';
/** A stack must hold something; this holds nothing. */
const NOTHING: JsonMap = { Type: 'AWS::CloudFormation::WaitConditionHandle' };
/**
 * Deploys one template in rounds. What the engine's CloudFormation does not know is created through its API as soon as everything
 * it points at exists; what points at it waits, and then finds its id written out. A round updates the stack with what has become possible.
 */
export class StackDeployment {
  private readonly name: string;
  private readonly stack: EmulatedStack;
  private readonly present: ReadonlyMap<string, Resource>;
  private readonly raw: JsonMap;
  private readonly inStack = new Set<string>();
  private readonly apart = new Set<string>();
  private readonly completed = new Set<string>();
  private outputs: ReadonlyMap<string, string> = new Map();

  public constructor(private readonly template: Template, private readonly context: DeploymentContext) {
    this.name = stackNameOf(template);
    this.stack = new EmulatedStack(this.name, context.aws.cloudFormation, context.aws.s3);
    this.present = context.resourcesOf(template);
    this.raw = section(template, 'Resources');
  }

  /** What the template's outputs have become. */
  public async run(parameters: ReadonlyMap<string, string>): Promise<ReadonlyMap<string, string>> {
    for (;;) {
      const before = this.inStack.size + this.apart.size;
      await this.createApart();
      this.growStack();
      await this.putStack(parameters);
      const after = this.inStack.size + this.apart.size;
      if (after === this.present.size) break;
      if (after === before) throw new EmulatorError(`Stack ${this.name} cannot be deployed: ${this.waiting().join(', ')} wait for each other.`);
    }
    // Once more where the last to come was no part of the stack: outputs may point at it.
    await this.putStack(parameters);
    return this.outputs;
  }

  private async createApart(): Promise<void> {
    for (let progress = true; progress;) {
      const ready = this.waiting().filter((id) => this.isApart(id) && this.dependenciesOf(id).every((other) => this.exists(other)));
      for (const logicalId of ready) {
        await this.create(logicalId);
        this.apart.add(logicalId);
      }
      progress = ready.length > 0;
    }
  }

  private async create(logicalId: string): Promise<void> {
    const resource = this.present.get(logicalId);
    if (!resource) return;
    const owner = { template: this.template.name, logicalId };
    if (this.context.gaps.of(resource) !== undefined) {
      this.standInFor(logicalId);
      return;
    }
    const properties = resolveLoosely(this.context.ledger, resource.evaluateAll().value, this.template.name);
    if (resource.type === NESTED) {
      await this.createNested(resource, properties);
      return;
    }
    try {
      const created = await CREATED_BY_API.get(resource.type)?.(this.context.aws, properties, `${this.name}-${logicalId}`);
      if (created) this.context.ledger.record(owner, created.physicalId, created.attributes);
    } catch (error) {
      if (this.leaveOut(resource, messageOf(error))) return;
      throw new EmulatorError(`${logicalId} (${resource.type}) of ${this.name} cannot be created through the emulator's API: ${messageOf(error)}`);
    }
  }

  /** A stack of its own beside its parent's, so that what is nested is deployed with the same care; it is handed the same parameters. */
  private async createNested(resource: Resource, properties: JsonMap): Promise<void> {
    const child = this.template.nested?.get(resource.logicalId);
    if (!child) throw new EmulatorError(`The template of nested stack ${resource.logicalId} of ${this.name} is not at hand: name the folder that holds it too.`);
    const handed = isJsonMap(properties.Parameters) ? properties.Parameters : {};
    const declared = section(child, 'Parameters');
    const parameters = Object.entries(handed).filter(([name]) => Object.hasOwn(declared, name)).map(([name, value]) => [name, parameterText(value)] as const);
    const outputs = await new StackDeployment(child, this.context).run(new Map(parameters));
    const attributes = [...outputs].map(([name, value]) => [`Outputs.${name}`, value]);
    this.context.ledger.record({ template: this.template.name, logicalId: resource.logicalId }, stackNameOf(child), Object.fromEntries(attributes) as Record<string, string>);
  }

  /** Everything that needs nothing but what exists or is about to. */
  private growStack(): void {
    for (let progress = true; progress;) {
      const ready = this.waiting().filter((id) => !this.isApart(id) && this.dependenciesOf(id).every((other) => this.exists(other)));
      ready.forEach((id) => this.inStack.add(id));
      progress = ready.length > 0;
    }
  }

  private async putStack(parameters: ReadonlyMap<string, string>): Promise<void> {
    for (;;) {
      const asked = this.asked();
      try {
        this.take(asked, await this.putOnce(asked.outputs, parameters));
        break;
      } catch (error) {
        if (!this.canDoWithout(error)) throw error;
      }
    }
    for (const id of this.inStack) {
      if (this.completed.has(id)) continue;
      await this.complete(id);
      this.completed.add(id);
    }
  }

  /** Notes what the engine lacks, so that the next attempt goes without it; false where it fails for another reason. */
  private canDoWithout(error: unknown): boolean {
    if (error instanceof MissingAttributeError) return this.context.gaps.lacks(error.type, error.attribute);
    if (!(error instanceof RefusedError) || error.refusals.length === 0) return false;
    return error.refusals.every(({ logicalId, reason }) => {
      const resource = this.inStack.has(logicalId) ? this.present.get(logicalId) : undefined;
      return resource !== undefined && this.leaveOut(resource, reason);
    });
  }

  /** Leaves out a resource for which the engine has looked in vain for something outside the templates, which it cannot have; false where that is not why. */
  private leaveOut(resource: Resource, reason: string): boolean {
    const { gaps, ledger } = this.context;
    const sought = soughtOutside(resolveLoosely(ledger, resource.evaluateAll().value, this.template.name), reason, (text) => ledger.knows(text));
    if (sought === undefined) return false;
    gaps.leaveOut(resource, `it refers to ${sought}, which the emulator does not have: ${reason}`);
    this.inStack.delete(resource.logicalId);
    this.apart.add(resource.logicalId);
    this.standInFor(resource.logicalId);
    return true;
  }

  private standInFor(logicalId: string): void {
    const { gaps, ledger } = this.context;
    const attributes = this.context.wanted(this.template.name, logicalId).map((attribute) => [attribute, gaps.standIn(logicalId, attribute)]);
    ledger.record({ template: this.template.name, logicalId }, gaps.standIn(logicalId), Object.fromEntries(attributes) as Record<string, string>);
  }

  private putOnce(asked: JsonMap, parameters: ReadonlyMap<string, string>): Promise<StackState> {
    const known = (value: Json): boolean => this.neededBy(value).every((id) => this.exists(id));
    const outputs = Object.entries(section(this.template, 'Outputs')).filter(([, output]) => known(output) && this.isThere(output));
    const resources = [...this.inStack].map((id) => [id, this.inStackWords(id)] as const);
    return this.stack.put({
      ...this.template.body,
      Resources: resources.length > 0 ? Object.fromEntries(resources) : { DrillHoldsNothing: NOTHING },
      Outputs: { ...Object.fromEntries(outputs.map(([name, output]) => [name, this.withIds(output)])), ...asked },
    }, parameters);
  }

  private take(asked: Asked, { outputs: answered, physicalIds }: StackState): void {
    this.outputs = new Map([...answered].filter(([name]) => !isAsked(name)));
    for (const id of this.inStack) {
      const attributes = { ...asked.read(id, answered), ...this.standIns(id) };
      this.context.ledger.record({ template: this.template.name, logicalId: id }, attributes[this.refAs(id) ?? ''] ?? physicalIds.get(id) ?? '', attributes);
    }
  }

  private async complete(logicalId: string): Promise<void> {
    const resource = this.present.get(logicalId);
    const complete = resource && COMPLETED_BY_API.get(resource.type);
    const physicalId = resource && this.context.ledger.of(resource);
    const value = resource?.evaluateAll().value;
    if (complete && physicalId !== undefined && isMap(value)) await complete(this.context.aws, physicalId, resolveLoosely(this.context.ledger, value, this.template.name));
  }

  private asked(): Asked {
    const keys = [...this.inStack].flatMap((logicalId) => this.attributesOf(logicalId).map((attribute): Pointer => ({ logicalId, attribute })));
    return askFor(keys.filter(({ logicalId, attribute }) => !this.isLacking(logicalId, attribute)), Object.keys(section(this.template, 'Outputs')).length);
  }

  private attributesOf(logicalId: string): readonly string[] {
    return [...new Set([...this.context.wanted(this.template.name, logicalId), ...[this.refAs(logicalId) ?? []].flat()])];
  }

  private refAs(logicalId: string): string | undefined {
    return attributeInstead(this.present.get(logicalId)?.type ?? '');
  }

  private inStackWords(logicalId: string): Json {
    const raw = this.raw[logicalId];
    if (!isJsonMap(raw)) return raw ?? null;
    const waitsFor = dependsOn(raw).filter((id) => this.inStack.has(id));
    return { ...(this.withIds(asTold(raw, this.name, logicalId)) as JsonMap), DependsOn: waitsFor };
  }

  /** What is no part of the stack is written out. */
  private withIds(value: Json): Json {
    return replacePointers(value, ({ logicalId, attribute }: Pointer) => {
      const resource = this.present.get(logicalId);
      if (resource && (this.isLacking(logicalId, attribute) || this.isGap(resource))) return this.context.gaps.written(resource.type, logicalId, attribute);
      const instead = attribute === 'Ref' && this.inStack.has(logicalId) ? this.refAs(logicalId) : undefined;
      if (instead !== undefined) return { 'Fn::GetAtt': [logicalId, instead] };
      if (this.inStack.has(logicalId) || !Object.hasOwn(this.raw, logicalId)) return undefined;
      return this.context.ledger.get({ template: this.template.name, logicalId }, attribute) ?? `absent-${logicalId}`;
    });
  }

  private isLacking(logicalId: string, attribute: string): boolean {
    return this.context.gaps.isLacking(this.present.get(logicalId)?.type ?? '', attribute);
  }

  private standIns(logicalId: string): Record<string, string> {
    const lacking = this.context.wanted(this.template.name, logicalId).filter((attribute) => this.isLacking(logicalId, attribute));
    return Object.fromEntries(lacking.map((attribute) => [attribute, this.context.gaps.standIn(logicalId, attribute)]));
  }

  /** An output of a condition that is false has nothing to point at. */
  private isThere(output: Json): boolean {
    return pointersIn(output).every(({ logicalId }) => !Object.hasOwn(this.raw, logicalId) || this.present.has(logicalId) || (isJsonMap(output) && output.Condition !== undefined));
  }

  private isApart(logicalId: string): boolean {
    const resource = this.present.get(logicalId);
    return resource !== undefined && (resource.type === NESTED || CREATED_BY_API.has(resource.type) || this.isGap(resource));
  }

  private isGap(resource: Resource): boolean {
    return this.context.gaps.of(resource) !== undefined;
  }

  private exists(logicalId: string): boolean {
    return this.inStack.has(logicalId) || this.apart.has(logicalId);
  }

  private waiting(): string[] {
    return [...this.present.keys()].filter((id) => !this.exists(id));
  }

  private dependenciesOf(logicalId: string): string[] {
    const raw = this.raw[logicalId];
    return isJsonMap(raw) ? [...dependsOn(raw).filter((id) => this.present.has(id)), ...this.neededBy(raw)] : [];
  }

  private neededBy(value: Json): string[] {
    return pointersIn(value).map(({ logicalId }) => logicalId).filter((id) => this.present.has(id));
  }
}
