import type { NotEmulated } from '../edge/model';
import { placeOf } from '../place';
import type { Resource } from '../../checks/template/resource';
import type { Json } from '../../checks/template/template';
import { CREATED_BY_API } from './created-by-api';
import { notEmulated } from './not-emulated';

/** How every text begins that stands for something lacking. */
const STAND_IN = 'not-emulated-';

export function isStandIn(text: string | undefined): boolean {
  return text?.startsWith(STAND_IN) ?? false;
}

/** Attributes that templates cut pieces out of, in the form that they have: a firewall's endpoints are a list of `<zone>:<id>`, one a subnet (CloudFormation, "AWS::NetworkFirewall::Firewall"). */
const IN_FORM: ReadonlyMap<string, (standIn: string) => Json> = new Map([
  ['AWS::NetworkFirewall::Firewall EndpointIds', (standIn) => ['a', 'b', 'c'].map((zone) => `${zone}:${standIn}`)],
]);

/** What the engine lacks of these templates: whole types, attributes of types that it has, and single resources. What points there is given a text that says so. */
export class Gaps {
  private readonly attributes: Set<string>;
  private readonly leftOut = new Map<Resource, string>();

  /** @param lacking attributes that the engine has refused at an earlier deployment, and to which those are added that it refuses now */
  public constructor(private readonly engine: string, private readonly unknownTypes: ReadonlySet<string>, private readonly lacking = new Set<string>()) {
    this.attributes = new Set(lacking);
  }

  /** Why a resource is left out; undefined where it is not. */
  public of(resource: Resource): string | undefined {
    return this.leftOut.get(resource) ?? this.ofType(resource.type);
  }

  /** Leaves out one resource of a type that the engine has. */
  public leaveOut(resource: Resource, reason: string): void {
    this.leftOut.set(resource, reason);
  }

  /** Why a whole type is. */
  public ofType(type: string): string | undefined {
    const isUnknown = this.unknownTypes.has(type) && !CREATED_BY_API.has(type);
    return notEmulated(type) ?? (isUnknown ? `${this.engine} does not know this type` : undefined);
  }

  /** Notes an attribute that the engine refuses to give; false where it was noted before. */
  public lacks(type: string, attribute: string): boolean {
    const before = this.attributes.size;
    this.lacking.add(`${type} ${attribute}`);
    return this.attributes.add(`${type} ${attribute}`).size > before;
  }

  public isLacking(type: string, attribute: string): boolean {
    return this.attributes.has(`${type} ${attribute}`);
  }

  public standIn(logicalId: string, attribute = 'Ref'): string {
    return `${STAND_IN}${logicalId}${attribute === 'Ref' ? '' : `-${attribute}`}`;
  }

  /** What a template that points at something lacking gets in its place. */
  public written(type: string, logicalId: string, attribute: string): Json {
    const standIn = this.standIn(logicalId, attribute);
    return IN_FORM.get(`${type} ${attribute}`)?.(standIn) ?? standIn;
  }

  /** What is to be said of a resource; `wanted` are the attributes that somebody reads. */
  public report(resource: Resource, wanted: readonly string[]): NotEmulated[] {
    const gap = { place: placeOf(resource), type: resource.type };
    const reason = this.of(resource);
    if (reason !== undefined) return [{ ...gap, property: '', reason }];
    return wanted.filter((attribute) => this.isLacking(resource.type, attribute)).map((property) => ({ ...gap, property, reason: `${this.engine} does not answer with this attribute` }));
  }
}
