/** What becomes of a property: every one that CloudFormation's schema has is named here, and no other is let through. */
export type Treatment =
  /** Callers meet it: it is in the model. */
  | { readonly kind: 'mapped' }
  /** No caller can tell. */
  | { readonly kind: 'irrelevant'; readonly because: string }
  /** Callers might tell, and it cannot be imitated here. */
  | { readonly kind: 'not-emulated'; readonly because: string }
  /** Known by name, and a reason not to drill the template. */
  | { readonly kind: 'refused'; readonly because: string }
  /** What becomes of it depends on the value; any value not named ends the translation. */
  | { readonly kind: 'by-value'; readonly values: Readonly<Record<string, Treatment>> }
  | { readonly kind: 'map'; readonly shape: () => Shape }
  | { readonly kind: 'list'; readonly shape: () => Shape }
  /** A list of `Key` and `Value`, as the load balancer has them in place of properties. */
  | { readonly kind: 'attributes'; readonly keys: Shape };

/** The properties of a map, each with its treatment. */
export type Shape = Readonly<Record<string, Treatment>>;

export const mapped: Treatment = { kind: 'mapped' };

export function irrelevant(because: string): Treatment {
  return { kind: 'irrelevant', because };
}

export function notEmulated(because: string): Treatment {
  return { kind: 'not-emulated', because };
}

export function refused(because: string): Treatment {
  return { kind: 'refused', because };
}

export function byValue(values: Readonly<Record<string, Treatment>>): Treatment {
  return { kind: 'by-value', values };
}

/** Shapes may contain themselves, so they are asked for late. */
export function map(shape: () => Shape): Treatment {
  return { kind: 'map', shape };
}

export function list(shape: () => Shape): Treatment {
  return { kind: 'list', shape };
}

export function attributes(keys: Shape): Treatment {
  return { kind: 'attributes', keys };
}

/** The same treatment for several names. */
export function each(names: readonly string[], treatment: Treatment): Shape {
  return Object.fromEntries(names.map((name) => [name, treatment]));
}

export const NAMES = irrelevant('what something is called changes no answer');
export const RECORDS = irrelevant('what is recorded changes no answer');
