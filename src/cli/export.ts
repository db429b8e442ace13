import { CONFIGURATION_VARIABLE } from '../gate/contract';
import { exported } from '../runtime/shared/export-manifest';
import { createRedactor, REDACTED } from '../runtime/shared/redactor';
import type { DeployedGate, DeployedService } from './deployed/gates';
import { findServices, gatesAmong } from './deployed/gates';
import type { Manifest, ManifestContainer } from './export/manifest';
import type { KeysAws } from './keys/aws';
import { stateOf } from './keys/list';

/** What the command asks of AWS: nothing that could answer with a secret. */
export type ExportAws = Pick<KeysAws, 'resourcesOf' | 'taskOf' | 'keys'>;

/** What a run needs of the world. */
export interface ExportWorld {
  readonly aws: ExportAws;
  readonly now: () => Date;
}

/** The configuration of a deployed stack; no secret is read for it, and what looks like one in a plain place is taken out and flagged (RED-4). */
export async function exportStack(stack: string, { aws, now }: ExportWorld): Promise<Manifest> {
  const services = await findServices(aws, stack);
  const gates = gatesAmong(services);
  const prefix = gates[0]?.configuration.identity.key?.prefix;
  return {
    format: 'cdk-secure-core/export', version: 1, stack, exportedAt: now().toISOString(),
    containers: services.flatMap((service) => containersOf(service, stack, prefix)),
    gates: await Promise.all(gates.map((gate) => toGate(gate, stack, { aws, now }))),
  };
}

/** Without the stack's name: it may have another one where the manifest is read. */
export function placeIn(stack: string, path: string): string {
  return path.startsWith(`${stack}/`) ? path.slice(stack.length + 1) : path;
}

function containersOf({ path, containers }: DeployedService, stack: string, prefix: string | undefined): ManifestContainer[] {
  return containers.map(({ name, image, environment, secrets }) => ({
    path: `${placeIn(stack, path)}/${name}`,
    image,
    entries: [...exported([
      // Told in full below, where each of its texts is looked at.
      ...[...environment].filter(([variable]) => variable !== CONFIGURATION_VARIABLE).map(([variable, value]) => ({ name: variable, value })),
      ...[...secrets.keys()].map((variable) => ({ name: variable, isSecret: true as const })),
    ], prefix)],
    secrets: Object.fromEntries(secrets),
  }));
}

async function toGate({ path, configuration }: DeployedGate, stack: string, { aws, now }: ExportWorld): Promise<Manifest['gates'][number]> {
  const redacted: string[] = [];
  const redactor = createRedactor({ keyPrefix: configuration.identity.key?.prefix });
  const told = (value: unknown, place: string): unknown => {
    if (typeof value === 'string') {
      if (redactor.text(value) === value) return value;
      redacted.push(place);
      return REDACTED;
    }
    if (Array.isArray(value)) return value.map((item: unknown, index) => told(item, `${place}[${index}]`));
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([name, item]) => [redactor.text(name), told(item, place === '' ? name : `${place}.${name}`)]));
  };
  const keys = configuration.identity.key === undefined ? [] : await aws.keys(configuration.table.name);
  return {
    path: placeIn(stack, path),
    configuration: told(configuration, ''),
    redacted,
    keys: keys.map((key) => ({
      id: key.id, owner: key.owner, scopes: [...key.scopes], createdAt: key.createdAt, validUntil: new Date(key.validUntil * 1000).toISOString(), state: stateOf(key, now()),
      key: REDACTED, hadToken: true as const,
    })),
  };
}
