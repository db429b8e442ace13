import type { Resource } from './resource';

/** A property value after the intrinsics that can be decided without deploying are gone. */
export type Value = string | number | boolean | null | Unknown | Reference | readonly Value[] | { readonly [key: string]: Value };

/** A value that only a deployment knows, or that is known in part. */
export class Unknown {
  /**
   * @param text what is known, holes written the way `Fn::Sub` writes them
   * @param reason why it cannot be decided here, as the end of the sentence "cannot be decided: …"
   * @param parts the declared secrets that it is put together from
   */
  public constructor(public readonly text: string, public readonly reason: string, private readonly parts: readonly DeclaredSecret[] = []) {}

  public get secrets(): readonly DeclaredSecret[] {
    return this.parts;
  }
}

/** A parameter with `NoEcho`: a hole in every text, so that no message repeats it. Conditions alone may compare what it holds. */
export class DeclaredSecret extends Unknown {
  /** Private to the engine too, so that nothing that prints an object prints this. */
  readonly #held: string | undefined;

  /** @param isWritten whether the value stands in a template for everybody to read */
  public constructor(public readonly parameter: string, reason: string, public readonly isWritten: boolean, held?: string) {
    super(`\${${parameter}}`, reason);
    this.#held = held;
  }

  public override get secrets(): readonly DeclaredSecret[] {
    return [this];
  }

  /** What conditions compare: undefined where nobody has given a value. */
  public get held(): string | undefined {
    return this.#held;
  }
}

const DYNAMIC_REFERENCE = /\{\{resolve:([^:}]+):/;
const SERVICES: ReadonlyMap<string, string> = new Map([['ssm', 'SSM'], ['ssm-secure', 'SSM'], ['secretsmanager', 'Secrets Manager']]);

/** A text of a template. One with a dynamic reference is read elsewhere while deploying; its words say from where. */
export function literal(text: string): string | Unknown {
  const service = DYNAMIC_REFERENCE.exec(text)?.[1];
  return service === undefined ? text : new Unknown(text, `it is read from ${SERVICES.get(service) ?? service} at deployment`);
}

/** The declared secrets anywhere in a value. */
export function secretsIn(value: Value | undefined): readonly DeclaredSecret[] {
  if (value instanceof Unknown) return value.secrets;
  if (value instanceof Reference || typeof value !== 'object' || value === null) return [];
  return Object.values(value).flatMap(secretsIn);
}

/** `Ref` or `Fn::GetAtt` of a resource that is in one of the templates at hand. */
export class Reference {
  public constructor(public readonly resource: Resource, public readonly attribute: string) {}

  public get text(): string {
    return this.attribute === 'Ref' ? `\${${this.resource.logicalId}}` : `\${${this.resource.logicalId}.${this.attribute}}`;
  }
}

/** Whether the value is a plain object, as opposed to a list, a scalar or one of the two classes above. */
export function isMap(value: Value | undefined): value is { readonly [key: string]: Value } {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Unknown) && !(value instanceof Reference);
}

/** What is known of a value as text; `complete` says whether that is all of it. */
export function asText(value: Value | undefined): { readonly text: string; readonly complete: boolean } {
  if (value instanceof Unknown || value instanceof Reference) return { text: value.text, complete: false };
  if (typeof value === 'string') return { text: value, complete: true };
  if (typeof value === 'number' || typeof value === 'boolean') return { text: String(value), complete: true };
  if (value === undefined || value === null) return { text: '', complete: true };
  return { text: JSON.stringify(value, written), complete: false };
}

/** Holes are written as such: what stands behind a reference is a whole template, and may lead back here. */
function written(_: string, value: unknown): unknown {
  return value instanceof Unknown || value instanceof Reference ? value.text : value;
}
