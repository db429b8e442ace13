import type { Resource } from '../../checks/template/resource';
import type { JsonMap } from '../../checks/template/template';
import type { ControlId } from '../../controls';
import type { Deployment } from '../emulator/deploy';
import { resolveLoosely } from '../emulator/ledger';
import { ownerOutside } from '../emulator/outside';
import type { ReadbackRecord } from '../evidence';
import { placeOf } from '../place';
import { type Claim, CLAIMS } from './claims';
import { at, type Difference, differences, isEmpty, says } from './differences';
import { NOT_HELD, type NotHeld, NOT_READ } from './not-held';
import { READERS } from './readers';
import type { Reader, Surroundings } from './reader';
import { shown } from './shown';
import { asToldMap, type ToldMap, Unknowable } from './told';

type Outcome = Pick<ReadbackRecord, 'property' | 'verdict' | 'saw'>;

export interface ReadbackOptions {
  /** @default - the committed list */
  readonly notHeld?: readonly NotHeld[];
}

/** Reads back what every control claims of these resources, and compares it with the template. */
export async function readback(deployment: Deployment, { notHeld = NOT_HELD }: ReadbackOptions = {}): Promise<readonly ReadbackRecord[]> {
  const around = surroundings(deployment);
  const unemulated = new Map(deployment.notEmulated.map(({ place, reason }) => [`${place.stack} ${place.logicalId}`, reason]));
  const read = new Map<Resource, Promise<Both | string>>();
  const both = (resource: Resource): Promise<Both | string> => {
    const known = read.get(resource) ?? bothSides(deployment, resource, around, unemulated);
    read.set(resource, known);
    return known;
  };
  const claims = Object.entries(CLAIMS) as [ControlId, readonly Claim[]][];
  const records = claims.flatMap(([control, list]) => list.flatMap(({ type, properties }) => deployment.graph.ofType(type).map(async (resource) => {
    const sides = await both(resource);
    const outcomes = properties.flatMap((property) => (typeof sides === 'string' ? [{ property, verdict: 'not-held' as const, saw: sides }] : compare(type, property, sides, notHeld)));
    return outcomes.map((outcome): ReadbackRecord => ({ control, place: placeOf(resource), type, ...outcome }));
  })));
  return (await Promise.all(records)).flat();
}

/** What the two have, or why the emulator cannot be asked. */
interface Both {
  readonly told: ToldMap;
  readonly held: JsonMap | undefined;
}

async function bothSides(deployment: Deployment, resource: Resource, around: Surroundings, unemulated: ReadonlyMap<string, string>): Promise<Both | string> {
  const reason = NOT_READ.get(resource.type) ?? unemulated.get(`${resource.template.name} ${resource.logicalId}`);
  if (reason !== undefined) return reason;
  const reader: Reader | undefined = READERS[resource.type];
  if (!reader) throw new Error(`${resource.type} is claimed by a control, and is neither read back nor listed in src/drill/readback/not-held.ts.`);
  const physicalId = deployment.physicalId(resource) ?? '';
  const own = around.told(resource);
  const held = await reader.held(deployment.aws, physicalId, own);
  const outside = held === undefined ? ownerOutside(resolveLoosely(deployment.ledger, resource.evaluateAll().value, resource.template.name), (text) => deployment.ledger.knows(text)) : undefined;
  return outside === undefined ? { told: reader.told?.(own, resource, around) ?? own, held } : `It belongs to ${outside}, which is outside the templates, and the emulator has no such thing.`;
}

function surroundings({ graph, ledger }: Deployment): Surroundings {
  const known = new Map<Resource, ToldMap>();
  return {
    graph,
    physicalId: (resource) => ledger.of(resource),
    told: (resource) => {
      const told = known.get(resource) ?? asToldMap(ledger.resolve(resource.evaluateAll().value, resource.template.name, (_, reason) => new Unknowable(reason)));
      known.set(resource, told);
      return told;
    },
  };
}

/** Compares one claimed property; what the engine is known not to keep is said for itself. */
export function compare(type: string, property: string, { told, held }: Both, notHeld: readonly NotHeld[]): readonly Outcome[] {
  if (held === undefined) return [{ property, verdict: 'different', saw: 'The emulator has no such resource.' }];
  const path = property.split('.');
  const found = differences(at(told, path), at(held, path) as JsonMap | undefined, property);
  const listed = notHeld.filter((entry) => entry.type === type && overlap(entry.property, property));
  const isListed = (difference: Difference): boolean => listed.some((entry) => isEmpty(difference.held) && isWithin(difference.path, entry.property));
  const open = found.filter((difference) => !isListed(difference) && !(difference.told instanceof Unknowable));
  return [...open.length > 0 ? [different(property, open)] : [], ...listed.flatMap((entry) => judged(entry, told, found)), ...unknowable(property, found, isListed), ...same(property, found)];
}

function different(property: string, open: readonly Difference[]): Outcome {
  return { property, verdict: 'different', saw: open.map((difference) => shown(difference)).join('; ') };
}

const STALE = 'It is on the list of what the emulator does not keep (src/drill/readback/not-held.ts), and the emulator keeps it: take it off the list.';

function judged(entry: NotHeld, told: ToldMap, found: readonly Difference[]): Outcome[] {
  if (!says(told, entry.property.split('.'))) return [];
  if (found.some((difference) => isWithin(difference.path, entry.property))) return [{ property: entry.property, verdict: 'not-held', saw: entry.reason }];
  return [{ property: entry.property, verdict: 'different', saw: STALE }];
}

function unknowable(property: string, found: readonly Difference[], isListed: (difference: Difference) => boolean): Outcome[] {
  return found.filter((difference) => !isListed(difference)).flatMap(({ told }) => (told instanceof Unknowable
    ? [{ property, verdict: 'not-held' as const, saw: `Only the emulator knows what the template means here: ${told.reason}.` }]
    : []));
}

function same(property: string, found: readonly Difference[]): Outcome[] {
  return found.length === 0 ? [{ property, verdict: 'same', saw: 'The emulator has what the template says.' }] : [];
}

function overlap(one: string, other: string): boolean {
  return isWithin(one, other) || isWithin(other, one);
}

function isWithin(path: string, outer: string): boolean {
  return path === outer || path.startsWith(`${outer}.`) || path.startsWith(`${outer}[`);
}
