import { isJsonMap, type Json, type JsonMap } from '../../src/checks/template/template';

/** Where a value stands: names of maps, indexes of lists. */
export type JsonPath = readonly (string | number)[];

/** The value at a place. */
export function at(value: Json | undefined, path: JsonPath): Json | undefined {
  return path.reduce<Json | undefined>((inner, step) => {
    if (typeof step === 'number') return Array.isArray(inner) ? (inner as readonly Json[])[step] : undefined;
    return isJsonMap(inner) ? inner[step] : undefined;
  }, value);
}

/** A copy with one place replaced, or left out where the change gives nothing. What does not change is shared, never written to. */
export function changed(value: Json, path: JsonPath, change: (old: Json | undefined) => Json | undefined): Json {
  const [step, ...rest] = path;
  if (step === undefined) return change(value) ?? null;
  const next = (inner: Json | undefined): Json | undefined => (rest.length === 0 ? change(inner) : changed(inner ?? {}, rest, change));
  if (typeof step === 'number') {
    const list = Array.isArray(value) ? value as readonly Json[] : [];
    const made = next(list[step]);
    return made === undefined ? list.filter((_, index) => index !== step) : list.map((item, index) => (index === step ? made : item));
  }
  const map: JsonMap = isJsonMap(value) ? value : {};
  const made = next(map[step]);
  if (made !== undefined) return { ...map, [step]: made };
  return Object.fromEntries(Object.entries(map).filter(([key]) => key !== step));
}

/** The resource that an intrinsic function points at, whatever stands around it. */
export function referencesIn(value: Json | undefined): readonly string[] {
  if (Array.isArray(value)) return (value as readonly Json[]).flatMap(referencesIn);
  if (!isJsonMap(value)) return [];
  return Object.entries(value).flatMap(([key, inner]) => {
    if (key === 'Ref' && typeof inner === 'string') return [inner];
    if (key === 'Fn::GetAtt') return [String(Array.isArray(inner) ? inner[0] : inner).split('.')[0] ?? ''];
    if (key === 'Fn::Sub') return [...subReferences(Array.isArray(inner) ? inner[0] as Json : inner), ...referencesIn(inner)];
    return referencesIn(inner);
  });
}

function subReferences(text: Json | undefined): readonly string[] {
  return typeof text === 'string' ? [...text.matchAll(/\$\{([A-Za-z0-9]+)[.}]/g)].map(([, name = '']) => name) : [];
}

/** Whether a value is worked out by CloudFormation instead of written down. */
export function isIntrinsic(value: Json | undefined): value is JsonMap {
  if (!isJsonMap(value)) return false;
  const [key, ...others] = Object.keys(value);
  return others.length === 0 && key !== undefined && (key === 'Ref' || key.startsWith('Fn::'));
}
