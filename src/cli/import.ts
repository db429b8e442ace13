import { ImportRefused, imported, isNoValue, type ManifestEntry } from '../runtime/shared/export-manifest';
import { type DeployedGate, findServices, gatesAmong } from './deployed/gates';
import { type ExportAws, placeIn } from './export';
import { type Manifest, manifestFrom, type ManifestKey } from './export/manifest';
import { stateOf } from './keys/list';
import { confirm } from './lockdown/confirm';
import { UsageError } from './usage-error';

export interface ImportOptions {
  /** A JSON object of values by entry; `-` for standard input. */
  readonly values?: string;
  readonly yes?: boolean;
}

/** What the command asks of AWS. No value is read. */
export interface ImportAws extends ExportAws {
  /** Whether a version is current. @param reference where a container's variable comes from */
  hasValue(reference: string): Promise<boolean>;
  put(reference: string, value: string): Promise<void>;
}

/** What a run needs of the world. */
export interface ImportWorld {
  readonly aws: ImportAws;
  readonly now: () => Date;
  readonly read: (file: string) => string;
  readonly ask?: (question: string) => Promise<string>;
  readonly say: (line: string) => void;
}

/** A variable of the manifest that was secret, and where it comes from in the stack. */
interface Wanted {
  readonly entry: ManifestEntry;
  /** Undefined where the stack has no such variable from a secret. */
  readonly reference?: string;
}

/** Whether a reference names one field of a secret in JSON. */
const NAMES_A_FIELD = /:secret:[^:]+:[^:]/;

/**
 * Sets again what an export had redacted, and says what is still missing: nothing is written while anything is (CX-40).
 *
 * @returns false while the deployment is not what the manifest says
 */
export async function importManifest(stack: string, file: string, options: ImportOptions, world: ImportWorld): Promise<boolean> {
  const { aws, say } = world;
  const manifest = manifestFrom(world.read(file), file);
  const given = options.values === undefined ? new Map<string, string>() : valuesFrom(world.read(options.values), options.values);
  const services = await findServices(aws, stack);
  const containers = services.flatMap(({ path, containers: all }) => all.map(({ name, secrets }) => ({ place: `${placeIn(stack, path)}/${name}`, secrets })));
  const references = new Map<string, string>(containers.flatMap(({ place, secrets }) => [...secrets].map(([variable, from]) => [`${place}/${variable}`, from] as const)));
  const wanted = manifest.containers.flatMap(({ path, entries }) => entries.filter(({ hadToken }) => hadToken)
    .map((entry): Wanted => ({ entry: { ...entry, name: `${path}/${entry.name}` }, reference: references.get(`${path}/${entry.name}`) })));
  const gone = wanted.filter(({ reference }) => reference === undefined);
  for (const { entry } of gone) say(`${entry.name} comes from no secret in stack ${stack}: deploy it first.`);
  const open: Wanted[] = [];
  for (const one of wanted) {
    if (one.reference !== undefined && (given.has(one.entry.name) || !await aws.hasValue(one.reference))) open.push(one);
  }
  const values = valuesOf(open.map(({ entry }) => entry), given);
  const lacking = missingKeys(manifest, await keysOf(gatesAmong(services), world), world.now());
  for (const { id, owner, scopes } of lacking) say(`Nobody has the key ${id} any more: make ${owner} a new one with keys create, for ${scopes.join(', ')}.`);
  if (gone.length > 0) return false;
  const toPut = open.flatMap(({ entry, reference = '' }) => [{ name: entry.name, reference, value: values.get(entry.name) ?? '' }]);
  const field = toPut.find(({ reference }) => NAMES_A_FIELD.test(reference));
  if (field) throw new UsageError(`${field.name} is one field of a secret: put the whole secret with the AWS CLI, then run this again without it. Nothing was changed.`);
  if (toPut.length > 0) await confirm(`put ${toPut.map(({ name }) => name).join(', ')} into`, { stack, yes: options.yes === true }, world);
  for (const { name, reference, value } of toPut) {
    await aws.put(reference, value);
    say(`${name} has a value again.`);
  }
  if (lacking.length === 0) say('Everything that was redacted is set. Tasks that run already hold what was there when they started: roll their services out.');
  return lacking.length === 0;
}

function valuesOf(entries: readonly ManifestEntry[], given: ReadonlyMap<string, string>): ReadonlyMap<string, string> {
  try {
    return imported(entries, given);
  } catch (error) {
    if (error instanceof ImportRefused) throw new UsageError(`${error.message} Give them with --values. Nothing was changed.`);
    throw error;
  }
}

function valuesFrom(text: string, file: string): Map<string, string> {
  let value: unknown;
  try {
    value = JSON.parse(text) as unknown;
  } catch {
    value = undefined;
  }
  // Nothing of it is repeated: it holds secrets.
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new UsageError(`${file === '-' ? 'Standard input' : file} is no JSON object of values by entry.`);
  return new Map(Object.entries(value).map(([name, one]: [string, unknown]) => {
    if (typeof one !== 'string' || isNoValue(one)) throw new UsageError(`The value of ${name} is none: give a text, and never what the export has written in its place. Nothing was changed.`);
    return [name, one];
  }));
}

async function keysOf(gates: readonly DeployedGate[], { aws, now }: ImportWorld): Promise<readonly { readonly owner: string; readonly scopes: readonly string[] }[]> {
  const tables = [...new Set(gates.filter(({ configuration }) => configuration.identity.key !== undefined).map(({ configuration }) => configuration.table.name))];
  return (await Promise.all(tables.map((table) => aws.keys(table)))).flat().filter((key) => stateOf(key, now()) === 'valid');
}

/** Keys that were valid, and for whose owner there is none by now that opens as much. */
function missingKeys({ gates }: Manifest, keys: readonly { readonly owner: string; readonly scopes: readonly string[] }[], now: Date): readonly ManifestKey[] {
  const isHeld = ({ owner, scopes }: ManifestKey): boolean => keys.some((key) => key.owner === owner && scopes.every((scope) => key.scopes.includes(scope)));
  return gates.flatMap((gate) => gate.keys).filter((key) => key.state === 'valid' && Date.parse(key.validUntil) > now.getTime() && !isHeld(key));
}
