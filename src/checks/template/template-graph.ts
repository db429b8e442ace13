import { listed } from '../../listed';
import { assumption, type Atom, atomKey, enumerateWorlds, type World, worldsOfAbsence } from './conditions';
import { UndecidableError } from './property';
import type { Resource } from './resource';
import { INERT_TYPES, OUTPUT, TemplateScope } from './scope';
import { flatten, isJsonMap, own, section, type Template } from './template';
import { asText, isMap, Reference, Unknown, type Value } from './value';

/** All resources of an app in one world, and who points at whom. Built once, indexed on first use. */
export class TemplateGraph {
  private readonly byType = new Map<string, Resource[]>();
  private readonly pointers = new Map<string, Map<Resource, Set<Resource>>>();
  private readonly atoms = new Map<string, Atom>();
  /** Every template, nested ones too, with the scopes of those nested in it. */
  private readonly scopes = new Map<TemplateScope, ReadonlyMap<string, TemplateScope>>();
  /** The scopes of this world, with those nested in them. */
  private readonly entered: TemplateScope[] = [];
  private outputs?: readonly Resource[];
  private exports?: Map<string, () => Value | undefined>;

  public constructor(templates: readonly Template[], public readonly world: World = new Map(), parameters: ReadonlyMap<string, Value> = new Map()) {
    const roots = templates.map((template) => this.open(template, true, (name) => parameters.get(name)));
    // Only now: what a resource's condition needs may stand in any of the templates.
    roots.forEach((scope) => this.enter(scope));
  }

  /** Equalities that only a deployment decides, met so far. */
  public get undecided(): readonly Atom[] {
    return [...this.atoms.values()];
  }

  /** Conditions of resources that nothing decides. */
  public get undecidedConditions(): string[] {
    return [...new Set([...this.scopes.keys()].flatMap((scope) => [...scope.undecidedConditions]))];
  }

  /** The assumptions of this world, for a finding that does not hold in all of them. */
  public get assumptions(): string {
    const assumed = this.undecided.filter((atom) => this.world.has(atomKey(atom)));
    const equalities = assumed.map((atom) => assumption(atom, this.world.get(atomKey(atom)) === true));
    if (equalities.length > 0) return equalities.join(', ');
    const absent = [...this.world.keys()].filter((name) => !name.startsWith('['));
    return absent.length > 0 ? conditionsAre(absent, 'false') : conditionsAre(this.undecidedConditions, 'true');
  }

  /** Those of resources; outputs are none. */
  public get types(): string[] {
    return [...this.byType.keys()];
  }

  /** Types of which no resource was read, leaving out those that mean nothing to a reviewer. */
  public get unreadTypes(): string[] {
    return this.types.filter((type) => type !== '' && !INERT_TYPES.has(type) && this.ofType(type).every((resource) => !resource.wasRead));
  }

  public ofType(type: string): readonly Resource[] {
    if (type !== OUTPUT) return this.byType.get(type) ?? [];
    // Only when asked for: a condition of an output alone opens no second world.
    return this.outputs ??= this.entered.flatMap((scope) => scope.outputs);
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
        for (const reference of pointersIn(resource, property)) {
          const sources = index.get(reference.resource);
          if (sources) sources.add(resource);
          else index.set(reference.resource, new Set([resource]));
        }
      }
      this.pointers.set(key, index);
    }
    return [...(index.get(target) ?? [])];
  }

  private open(template: Template, outermost: boolean, parameter: (name: string) => Value | undefined): TemplateScope {
    const children = new Map<string, TemplateScope>();
    const scope = new TemplateScope(template, {
      world: this.world,
      parameter,
      outermost,
      exported: (name) => this.exported(name),
      nested: (logicalId) => children.get(logicalId),
      onUndecided: (atom) => this.atoms.set(atomKey(atom), atom),
    });
    this.scopes.set(scope, children);
    for (const [logicalId, child] of template.nested ?? []) {
      children.set(logicalId, this.open(child, false, (name) => handedDown(scope.resources.get(logicalId), name)));
    }
    return scope;
  }

  /** Indexes the resources of a template, and of those nested in it that this world creates. */
  private enter(scope: TemplateScope): void {
    this.entered.push(scope);
    for (const resource of scope.resources.values()) {
      const siblings = this.byType.get(resource.type);
      if (siblings) siblings.push(resource);
      else this.byType.set(resource.type, [resource]);
    }
    for (const [logicalId, child] of this.scopes.get(scope) ?? []) {
      if (scope.resources.has(logicalId)) this.enter(child);
    }
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
    // In place before it is filled, since the name of an export may itself import something.
    const index = this.exports = new Map<string, () => Value | undefined>();
    for (const scope of this.scopes.keys()) {
      for (const [output, declared] of Object.entries(section(scope.template, 'Outputs'))) {
        const exportName = isJsonMap(declared) && isJsonMap(declared.Export) ? declared.Export.Name : undefined;
        if (exportName === undefined) continue;
        const name = asText(scope.evaluate(exportName)).text;
        const ambiguous = new Unknown(`\${${name}}`, `more than one of the templates exports ${name}`);
        index.set(name, index.has(name) ? () => ambiguous : () => scope.output(output));
      }
    }
    return index;
  }
}

/** A graph for every consistent answer to the conditions that only a deployment decides. */
export function graphsOf(templates: readonly Template[], parameters: ReadonlyMap<string, string> = new Map()): TemplateGraph[] {
  const first = new TemplateGraph(templates, new Map(), parameters);
  // Every equality stands in a condition.
  if (templates.flatMap(flatten).every((template) => Object.keys(section(template, 'Conditions')).length === 0)) return [first];
  // Evaluating every resource is what brings the undecided equalities to light.
  for (const type of first.types) first.ofType(type).forEach((resource) => resource.evaluateAll());
  if (first.undecided.length === 0) return [first];
  const open = (world: World): TemplateGraph => new TemplateGraph(templates, world, parameters);
  return enumerateWorlds(first.undecided)?.map(open) ?? [first, ...worldsOfAbsence(first.undecidedConditions).map(open)];
}

/** How many conditions a finding names. */
const MAX_NAMED = 3;

function conditionsAre(names: readonly string[], holding: 'true' | 'false'): string {
  const named = listed(names, MAX_NAMED);
  return names.length > 1 ? `conditions ${named} are ${holding}` : `condition ${named} is ${holding}`;
}

/** References that can be followed; none where the property cannot be read. */
function pointersIn(resource: Resource, property: string): Reference[] {
  try {
    return referencesIn(resource.prop(property).value);
  } catch (error) {
    if (!(error instanceof UndecidableError)) throw error;
    return [];
  }
}

/** References anywhere below a property: directly, in a list, or inside an action. */
function referencesIn(value: Value | undefined): Reference[] {
  if (value instanceof Reference) return [value];
  if (value instanceof Unknown || typeof value !== 'object' || value === null) return [];
  return Object.values(value).flatMap(referencesIn);
}

/** What a nested stack's resource hands down as a parameter; unknown where its properties are. */
function handedDown(stack: Resource | undefined, name: string): Value | undefined {
  const properties = stack?.evaluateAll().value;
  const parameters = isMap(properties) ? own(properties, 'Parameters') : properties;
  return isMap(parameters) ? own(parameters, name) : parameters instanceof Unknown ? parameters : undefined;
}
