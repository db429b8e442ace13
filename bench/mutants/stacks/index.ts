import * as fs from 'node:fs';
import * as path from 'node:path';
import { App } from 'aws-cdk-lib';
import { METADATA_KEY } from '../../../src/checks/acknowledgements';
import { loadTemplate } from '../../../src/checks/template/load';
import { isJsonMap, type Json, type JsonMap, section, type Template } from '../../../src/checks/template/template';
import { treeTemplates } from '../../../src/checks/tree-templates';
import { SAFE_EXAMPLES, synthesized } from '../../../test/support/examples';
import { AlbJwtStack } from './alb-jwt';
import { CornersStack } from './corners';
import { MutualTlsStack } from './mutual-tls';
import { ProfilesStack } from './profiles';
import { OwnKeysStack, WorkersStack } from './workers';

/** Hardened stacks written without this library. */
export function plainTemplates(): Template[] {
  const app = new App({ analyticsReporting: false });
  new AlbJwtStack(app, 'AlbJwt');
  new MutualTlsStack(app, 'MutualTls');
  new CornersStack(app, 'Corners');
  new ProfilesStack(app, 'Profiles');
  new WorkersStack(app, 'Workers');
  new OwnKeysStack(app, 'OwnKeys');
  return treeTemplates(app).map(stripped);
}

/**
 * The network and the listener of the one are in none of its templates, so that what it relies on can be neither judged nor weakened. The others are built of the
 * same constructs as those that stay: what is their own stands in the stacks of profiles and of workers.
 */
const LEFT_OUT: readonly string[] = ['existing-vpc', 'cortex', 'tgefd', 'nodetool', 'tom'];
const WHOLE_EXAMPLES = SAFE_EXAMPLES.filter((example) => !LEFT_OUT.includes(example));

/** What our examples come to when the CDK's command line runs them. */
export function exampleTemplates(): Template[] {
  return WHOLE_EXAMPLES.flatMap((example) => {
    const outdir = synthesized(example);
    return fs.readdirSync(outdir).filter((file) => file.endsWith('.template.json')).map((file) => stripped(loadTemplate(path.join(outdir, file), file.replace('.template.json', ''))));
  });
}

/** What our examples answer for in code, with a reason that the synthesis reports, and what a stack leaves to others: it is in the template, and no fault of it. */
export const ACKNOWLEDGED: Readonly<Record<string, readonly string[]>> = {
  PublicApi: ['NET-2.bounded-sources', 'NET-7.internal'],
  // A task that stands for the variables of a document has no gate in it, and its bucket elsewhere.
  Profiles: ['IDN-7.identity-header', 'DAT-7.variables[undecidable]'],
};

/** Every compliant template that mutants are made of. */
export function compliantTemplates(): Template[] {
  return [...exampleTemplates(), ...plainTemplates()];
}

/** What the CDK's command line adds for itself. */
const OWN = new Set(['CDKMetadata', 'CDKMetadataAvailable', 'BootstrapVersion', 'CheckBootstrapVersion']);

/** Facts that a template states of a resource; a waiver in its metadata would hide a fault. */
const isFact = (key: string): boolean => key.startsWith('cdk-secure-core:') && key !== METADATA_KEY;

/** Without the CDK's own additions, which say nothing of what is deployed, and without metadata but facts. */
function stripped({ name, body }: Template): Template {
  const plain = JSON.parse(JSON.stringify(body)) as JsonMap;
  const sections = Object.entries(plain).filter(([key]) => key !== 'Metadata').map(([key, entries]): [string, Json] => [key, without(entries, (id) => OWN.has(id))]);
  const sane = Object.fromEntries(sections.filter(([, entries]) => isJsonMap(entries) && Object.keys(entries).length > 0));
  const resources = Object.entries(section({ name, body: sane }, 'Resources')).map(([id, resource]): [string, Json] => [id, withFacts(resource)]);
  return { name, body: { ...sane, Resources: Object.fromEntries(resources) } };
}

/** What is left of a resource's metadata, where anything is. */
function withFacts(resource: Json): Json {
  const metadata = isJsonMap(resource) ? without(resource.Metadata ?? {}, (key) => !isFact(key)) : {};
  const bare = without(resource, (key) => key === 'Metadata');
  return isJsonMap(bare) && isJsonMap(metadata) && Object.keys(metadata).length > 0 ? { ...bare, Metadata: metadata } : bare;
}

function without(map: Json, unwanted: (key: string) => boolean): Json {
  return isJsonMap(map) ? Object.fromEntries(Object.entries(map).filter(([key]) => !unwanted(key))) : map;
}
