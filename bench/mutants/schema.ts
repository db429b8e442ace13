import * as fs from 'node:fs';
import * as path from 'node:path';
import { isJsonMap, type Json, type JsonMap, own } from '../../src/checks/template/template';
import { ROOT } from './root';

/** Where the keywords of a schema may stand that hold for the same value. */
const COMBINATORS = ['allOf', 'anyOf', 'oneOf'];

/** A place in CloudFormation's property schema: what a value there may be. */
export class Schema {
  private constructor(private readonly document: JsonMap, private readonly nodes: readonly JsonMap[]) {}

  /** The schema of a whole resource, as the registry publishes it and cfn-lint corrects it. */
  public static of(document: JsonMap): Schema {
    return new Schema(document, spread(document, document));
  }

  public property(key: string): Schema | undefined {
    const named = this.nodes.map((node) => entry(node.properties, key)).filter((node) => node !== undefined);
    return this.below(named.length > 0 ? named : this.nodes.flatMap((node) => Object.values(isJsonMap(node.patternProperties) ? node.patternProperties : {})));
  }

  public get items(): Schema | undefined {
    return this.below(this.nodes.map((node) => node.items).filter((node) => node !== undefined));
  }

  /** The values that the place takes, where the schema lists them. */
  public get values(): readonly Json[] {
    return [...new Set(this.nodes.flatMap((node) => [...(Array.isArray(node.enum) ? node.enum as readonly Json[] : []), ...(node.const === undefined ? [] : [node.const])]))];
  }

  /** Whether the place is known to take a value of a type. */
  public takes(type: string): boolean {
    return this.nodes.some((node) => node.type === type || (Array.isArray(node.type) && node.type.includes(type)));
  }

  public get minimum(): number | undefined {
    return this.number('minimum');
  }

  public get maximum(): number | undefined {
    return this.number('maximum');
  }

  public get minItems(): number {
    return this.number('minItems') ?? 0;
  }

  /** Whether an object stays valid without one of its properties. */
  public mayLose(key: string, object: JsonMap): boolean {
    const others = Object.keys(object).filter((other) => other !== key);
    const satisfied = (list: Json | undefined): boolean => !Array.isArray(list) || list.every((name) => others.includes(String(name)));
    return this.nodes.every((node) => {
      const required = Array.isArray(node.required) && node.required.includes(key);
      const oneOf = ['requiredXor', 'requiredOr'].some((keyword) => named(node[keyword]).includes(key) && !named(node[keyword]).some((name) => others.includes(name)));
      const wanted = Object.entries(isJsonMap(node.dependentRequired) ? node.dependentRequired : {}).some(([by, names]) => others.includes(by) && named(names).includes(key));
      return !required && !oneOf && !wanted;
    }) && COMBINATORS.slice(1).every((keyword) => this.nodes.every((node) => {
      const options = Array.isArray(node[keyword]) ? (node[keyword] as readonly Json[]).filter(isJsonMap) : [];
      return options.length === 0 || options.some((option) => satisfied(option.required));
    }));
  }

  private number(keyword: string): number | undefined {
    return this.nodes.map((node) => node[keyword]).find((value) => typeof value === 'number');
  }

  private below(nodes: readonly Json[]): Schema | undefined {
    const maps = nodes.filter(isJsonMap).flatMap((node) => spread(node, this.document));
    return maps.length > 0 ? new Schema(this.document, maps) : undefined;
  }
}

function named(list: Json | undefined): readonly string[] {
  return Array.isArray(list) ? list.map(String) : [];
}

function entry(map: Json | undefined, key: string): Json | undefined {
  return isJsonMap(map) ? own(map, key) : undefined;
}

/** A node, what it refers to, and what it is put together from: only these say what the value may be; options of `required` alone stay in their node. */
function spread(node: JsonMap, document: JsonMap, seen: readonly Json[] = []): JsonMap[] {
  if (seen.includes(node)) return [];
  const around = [...seen, node];
  const target = typeof node.$ref === 'string' ? node.$ref.split('/').slice(1).reduce<Json | undefined>(entry, document) : undefined;
  const parts = COMBINATORS.flatMap((keyword) => (Array.isArray(node[keyword]) ? node[keyword] as readonly Json[] : []));
  return [node, ...[target, ...parts].filter(isJsonMap).filter((part) => !isOption(part)).flatMap((part) => spread(part, document, around))];
}

function isOption(part: JsonMap): boolean {
  return part.required !== undefined && part.properties === undefined && part.$ref === undefined;
}

const REGION = 'us-east-1';

/** The registry's schemas, which cfn-lint brings along: `npx tsx tools/prepare-tests.ts` installs it. */
export class SchemaBook {
  private readonly known = new Map<string, Schema | undefined>();

  private constructor(private readonly folder: string, private readonly files: JsonMap) {}

  public static open(): SchemaBook {
    const lib = path.join(ROOT, '.venv', 'lib');
    const python = fs.existsSync(lib) ? fs.readdirSync(lib).find((name) => name.startsWith('python3')) : undefined;
    if (python === undefined) throw new Error(`${lib} holds no Python environment, so there is no property schema to derive mutants from: run "npx tsx tools/prepare-tests.ts" first.`);
    const folder = path.join(lib, python, 'site-packages', 'cfnlint', 'data', 'schemas');
    return new SchemaBook(folder, read(path.join(folder, 'providers', `${REGION}.json`)));
  }

  /** Nothing for a type that the registry does not have, such as a custom resource. */
  public of(type: string): Schema | undefined {
    if (!this.known.has(type)) {
      const file = own(this.files, type);
      this.known.set(type, typeof file === 'string' ? Schema.of(read(path.join(this.folder, 'resources', `${file}.json`))) : undefined);
    }
    return this.known.get(type);
  }
}

function read(file: string): JsonMap {
  return JSON.parse(fs.readFileSync(file, 'utf8')) as JsonMap;
}
