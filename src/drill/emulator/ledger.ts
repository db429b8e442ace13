import type { Resource } from '../../checks/template/resource';
import type { Json, JsonMap } from '../../checks/template/template';
import { asText, isMap, Reference, Unknown, type Value } from '../../checks/template/value';
import { pointerNamed } from './references';

/** Where a resource stands, in any reading of the templates. */
export interface Owner {
  readonly template: string;
  readonly logicalId: string;
}

/** What is put in the place of a text that is not wholly known. */
export type Unresolved<T> = (text: string, reason: string) => T;

/** Which resource of the templates has become what in the emulator. */
export class Ledger {
  private readonly entries = new Map<string, { readonly physicalId: string; readonly attributes: Map<string, string> }>();

  public record({ template, logicalId }: Owner, physicalId: string, attributes: Readonly<Record<string, string>> = {}): void {
    const key = keyOf(template, logicalId);
    const before = this.entries.get(key)?.attributes ?? [];
    this.entries.set(key, { physicalId, attributes: new Map([...before, ...Object.entries(attributes)]) });
  }

  /** The physical id for `Ref`, or an attribute. */
  public get({ template, logicalId }: Owner, attribute = 'Ref'): string | undefined {
    const entry = this.entries.get(keyOf(template, logicalId));
    return attribute === 'Ref' ? entry?.physicalId : entry?.attributes.get(attribute);
  }

  /** Whether a text is the id or an attribute of anything, or the last part of one. */
  public knows(text: string): boolean {
    const isIt = (id: string): boolean => id === text || id.endsWith(`/${text}`) || id.endsWith(`:${text}`);
    return [...this.entries.values()].some(({ physicalId, attributes }) => isIt(physicalId) || [...attributes.values()].some(isIt));
  }

  public of(resource: Resource, attribute = 'Ref'): string | undefined {
    return this.get({ template: resource.template.name, logicalId: resource.logicalId }, attribute);
  }

  /** A value of a template as the emulator should have it. */
  public resolve<T>(value: Value | undefined, template: string, unresolved: Unresolved<T>): Json | T | Resolved<T> {
    if (value instanceof Reference) return this.of(value.resource, value.attribute) ?? unresolved(value.text, `the emulator gives no ${value.text}`);
    if (value instanceof Unknown) return this.filled(value, template, unresolved);
    if (Array.isArray(value)) return (value as readonly Value[]).map((item) => this.resolve(item, template, unresolved));
    if (isMap(value)) return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, this.resolve(item, template, unresolved)]));
    return (value ?? null) as Json;
  }

  private filled<T>(value: Unknown, template: string, unresolved: Unresolved<T>): string | T {
    const { text } = asText(value);
    const filled = text.replace(/\$\{([^}]+)\}/g, (hole, name: string) => this.named(name, template) ?? hole);
    return /\$\{|\{\{resolve:/.test(filled) ? unresolved(filled, value.reason) : filled;
  }

  /** A hole names a resource of its own template, or of the one that an import has led to. */
  private named(name: string, template: string): string | undefined {
    const { logicalId, attribute } = pointerNamed(name);
    const own = this.get({ template, logicalId }, attribute);
    if (own !== undefined) return own;
    const owners = [...this.entries.keys()].map((key) => JSON.parse(key) as [string, string]).filter(([, id]) => id === logicalId);
    const [only, ...others] = owners;
    return only && others.length === 0 ? this.get({ template: only[0], logicalId }, attribute) : undefined;
  }
}

/** JSON in which some places are not known. */
export type Resolved<T> = readonly (Json | T | Resolved<T>)[] | { readonly [key: string]: Json | T | Resolved<T> };

/** A value with holes left standing as the template writes them: good enough to create something with, not to compare. */
export function resolveLoosely(ledger: Ledger, value: Value | undefined, template: string): JsonMap {
  return ledger.resolve<string>(value, template, (text) => text) as JsonMap;
}

function keyOf(template: string, logicalId: string): string {
  return JSON.stringify([template, logicalId]);
}
