import { type Atom, atomKey, enumerateWorlds, type World } from './conditions';
import type { Property } from './property';
import type { Resource } from './resource';
import { type Surroundings, TemplateScope } from './scope';
import { flatten, isJsonMap, section, type Template } from './template';
import { asText, Reference, Unknown, type Value } from './value';

/** Types that carry no meaning for any control, so that a condition on them alone costs no second world. */
const INERT_TYPES = new Set(['AWS::CDK::Metadata']);

interface UndecidedAtom extends Atom {
  readonly conditions: Set<string>;
}

/** All resources of an app in one world, and who points at whom. Built once, indexed on first use. */
export class TemplateGraph {
  private readonly byType = new Map<string, Resource[]>();
  private readonly pointers = new Map<string, Map<Resource, Resource[]>>();
  private readonly atoms = new Map<string, UndecidedAtom>();
  private readonly roots: TemplateScope[];
  private exports?: Map<string, () => Value | undefined>;

  public constructor(templates: readonly Template[], public readonly world: World = new Map(), parameters: ReadonlyMap<string, Value> = new Map()) {
    this.roots = templates.map((template) => this.open(template, parameters));
  }

  /** Equalities that only a deployment decides, met so far. */
  public get undecided(): readonly UndecidedAtom[] {
    return [...this.atoms.values()];
  }

  /** The assumptions of this world, for a finding that does not hold in all of them. */
  public get assumptions(): string {
    const assumed = this.undecided.filter((atom) => this.world.has(atomKey(atom)));
    return assumed.map((atom) => `${atom.left} ${this.world.get(atomKey(atom)) ? '=' : '≠'} ${atom.right}`).join(', ');
  }

  public get types(): string[] {
    return [...this.byType.keys()];
  }

  /** Types of which no resource was read, leaving out those that mean nothing to a reviewer. */
  public get unreadTypes(): string[] {
    return this.types.filter((type) => !INERT_TYPES.has(type) && this.ofType(type).every((resource) => !resource.wasRead));
  }

  public ofType(type: string): readonly Resource[] {
    return this.byType.get(type) ?? [];
  }

  /**
   * Resources of a type whose property points at the target, directly or somewhere below.
   * Pointers that cannot be followed are left out: a rule that needs them reads the property itself.
   */
  public pointingAt(target: Resource, type: string, property: string): readonly Resource[] {
    const key = `${type} ${property}`;
    let index = this.pointers.get(key);
    if (!index) {
      index = new Map();
      for (const resource of this.ofType(type)) {
        for (const reference of referencesIn(resource.prop(property).value)) {
          const sources = index.get(reference.resource) ?? [];
          if (!sources.includes(resource)) index.set(reference.resource, [...sources, resource]);
        }
      }
      this.pointers.set(key, index);
    }
    return index.get(target) ?? [];
  }

  private open(template: Template, parameters: ReadonlyMap<string, Value>): TemplateScope {
    const children = new Map<string, TemplateScope>();
    const around: Surroundings = {
      world: this.world,
      parameters,
      exported: (name) => this.exported(name),
      nested: (logicalId) => children.get(logicalId),
      onUndecided: (atom, condition) => this.note(atom, condition),
    };
    const scope = new TemplateScope(template, around);
    for (const resource of scope.resources.values()) {
      const siblings = this.byType.get(resource.type);
      if (siblings) siblings.push(resource);
      else this.byType.set(resource.type, [resource]);
    }
    for (const [logicalId, child] of template.nested ?? []) {
      const stack = scope.resources.get(logicalId);
      if (stack) children.set(logicalId, this.open(child, parametersOf(stack.whole.get('Parameters'))));
    }
    return scope;
  }

  private note(atom: Atom, condition: string): void {
    const known = this.atoms.get(atomKey(atom));
    if (known) known.conditions.add(condition);
    else this.atoms.set(atomKey(atom), { ...atom, conditions: new Set([condition]) });
  }

  private exported(name: string): Value | undefined {
    this.exports ??= this.indexExports();
    const read = this.exports.get(name);
    // Taken out while it is read, so that an export which imports itself ends as unknown.
    this.exports.delete(name);
    const value = read?.();
    if (read) this.exports.set(name, read);
    return value;
  }

  private indexExports(): Map<string, () => Value | undefined> {
    const index = new Map<string, () => Value | undefined>();
    for (const scope of this.roots) {
      for (const [output, declared] of Object.entries(section(scope.template, 'Outputs'))) {
        const exportName = isJsonMap(declared) && isJsonMap(declared.Export) ? declared.Export.Name : undefined;
        if (typeof exportName === 'string') index.set(exportName, () => scope.output(output));
        else if (exportName !== undefined) index.set(asText(scope.evaluate(exportName)).text, () => scope.output(output));
      }
    }
    return index;
  }
}

/** A graph for every consistent answer to the conditions that only a deployment decides. */
export function graphsOf(templates: readonly Template[], parameters: ReadonlyMap<string, string> = new Map()): TemplateGraph[] {
  const first = new TemplateGraph(templates, new Map(), parameters);
  const inert = inertConditions(templates.flatMap(flatten));
  if (templates.flatMap(flatten).every((template) => Object.keys(section(template, 'Conditions')).every((name) => inert.has(name)))) return [first];
  // Evaluating every resource is what brings the undecided equalities to light.
  for (const type of first.types) first.ofType(type).forEach((resource) => resource.evaluateAll());
  const atoms = first.undecided.filter((atom) => [...atom.conditions].some((condition) => !inert.has(condition)));
  const worlds = enumerateWorlds(atoms);
  return worlds.length === 1 ? [first] : worlds.map((world) => new TemplateGraph(templates, world, parameters));
}

/** Conditions used on inert resources; the names are unique to the CDK. */
function inertConditions(templates: readonly Template[]): Set<string> {
  const names = new Set<string>();
  for (const template of templates) {
    for (const raw of Object.values(section(template, 'Resources'))) {
      if (isJsonMap(raw) && INERT_TYPES.has(String(raw.Type)) && typeof raw.Condition === 'string') names.add(raw.Condition);
    }
  }
  return names;
}

/** References anywhere below a property: directly, in a list, or inside an action. */
function referencesIn(value: Value | undefined): Reference[] {
  if (value instanceof Reference) return [value];
  if (value instanceof Unknown || typeof value !== 'object' || value === null) return [];
  return Object.values(value).flatMap(referencesIn);
}

function parametersOf(parameters: Property): ReadonlyMap<string, Value> {
  const { value } = parameters;
  return new Map(typeof value === 'object' && value !== null ? Object.entries(value as { readonly [key: string]: Value }) : []);
}
