import { Property } from './property';
import { isJsonMap, type Json, type JsonMap, type Template } from './template';
import type { Value } from './value';

/** One resource of one template, its properties evaluated when first asked for. */
export class Resource {
  public readonly type: string;
  private evaluated?: Property;
  private seen = false;

  public constructor(
    public readonly logicalId: string,
    public readonly template: Template,
    private readonly raw: JsonMap,
    private readonly evaluate: (value: Json, given: boolean) => Value | undefined,
  ) {
    this.type = typeof raw.Type === 'string' ? raw.Type : '';
  }

  /** The place of a property; dots descend. */
  public prop(path: string): Property {
    this.seen = true;
    return this.properties().get(path);
  }

  /** Whether anybody has read it: a type that nobody reads is a type that no rule judges. */
  public get wasRead(): boolean {
    return this.seen;
  }

  /** The place of the resource as a whole, for findings about what is missing. */
  public get whole(): Property {
    this.seen = true;
    return this.properties();
  }

  /** Evaluates every property without counting as a reader. */
  public evaluateAll(): Property {
    return this.properties();
  }

  /** The properties as the template alone has them: what the deployer hands in is a hole. */
  public get written(): Property {
    this.seen = true;
    return new Property('Properties', this.evaluate(this.raw.Properties ?? {}, false) ?? {});
  }

  /** What is said of the resource beside its properties, such as its `DeletionPolicy`. */
  public attribute(name: 'DeletionPolicy' | 'UpdateReplacePolicy'): Property {
    return new Property(`${this.logicalId}.${name}`, this.evaluate(this.raw[name] ?? null, true) ?? undefined);
  }

  /** The `Metadata` section as it stands. */
  public get metadata(): JsonMap {
    return isJsonMap(this.raw.Metadata) ? this.raw.Metadata : {};
  }

  /** Where the construct sits in its app, if the template tells. */
  public get constructPath(): string | undefined {
    const path = this.metadata['aws:cdk:path'];
    return typeof path === 'string' ? path : undefined;
  }

  private properties(): Property {
    // Led by its owner, so that a place in a neighbour is not taken for one in the resource that is judged.
    this.evaluated ??= new Property(`${this.logicalId}.Properties`, this.evaluate(this.raw.Properties ?? {}, true) ?? {});
    return this.evaluated;
  }
}
