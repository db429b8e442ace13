/** A piece of Envoy's configuration, as JSON. */
export type Fragment = Readonly<Record<string, unknown>>;

/** A message of Envoy's that stands where its API takes one of any type. */
export function typed(type: string, fields: Fragment = {}): Fragment {
  return { '@type': `type.googleapis.com/${type}`, ...fields };
}

/** An extension under the name that Envoy's own documentation gives it. */
export function extension(name: string, type: string, fields: Fragment = {}): Fragment {
  return { name, typed_config: typed(type, fields) };
}
