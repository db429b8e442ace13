import * as fs from 'node:fs';
import * as path from 'node:path';
import { AssetManifestArtifact, CloudAssembly, type CloudFormationStackArtifact } from '@aws-cdk/cloud-assembly-api';
import { Acknowledgements } from '../checks/acknowledgements';
import { loadTemplate, UnreadableTemplateError } from '../checks/template/load';
import { isJsonMap, type Template } from '../checks/template/template';
import { ConstructPaths } from './construct-paths';
import { parseTemplateText } from './text';
import { UsageError } from './usage-error';

/** Templates to judge, and what their app acknowledges. */
export interface Input {
  readonly templates: readonly Template[];
  readonly acknowledgements: Acknowledgements;
  /** Files that the stacks publish, by hash; none beside a single template. */
  readonly assets: ReadonlyMap<string, string>;
  /** Where the stacks go, as far as their app says. */
  readonly environment: { readonly account?: string; readonly region?: string };
}

/** Reads a template file or the folder that `cdk synth` writes. Throws a UsageError of one sentence. */
export function readInput(location: string): Input {
  const found = fs.statSync(location, { throwIfNoEntry: false });
  if (!found) throw new UsageError(`${location} does not exist: name a CloudFormation template or the folder that cdk synth writes.`);
  return found.isDirectory() ? readAssembly(location) : { templates: [readTemplate(location)], acknowledgements: new Acknowledgements(), assets: new Map(), environment: {} };
}

function readTemplate(file: string): Template {
  const name = path.basename(file).replace(/(\.template)?\.[^.]+$/, '');
  const template = attempt(`${file} cannot be read`, () => loadTemplate(file, name, { parse: parseTemplateText }));
  if (!isJsonMap(template.body.Resources)) throw new UsageError(`${file} is not a CloudFormation template: it has no Resources section.`);
  return template;
}

function readAssembly(folder: string): Input {
  if (!fs.existsSync(path.join(folder, 'manifest.json'))) {
    throw new UsageError(`${folder} holds no manifest.json: name the folder that cdk synth writes, usually cdk.out, or a template file.`);
  }
  // A newer CDK may have written it; what is read here has not changed since the first version.
  const assembly = attempt(`${folder} cannot be read as a cloud assembly`, () => new CloudAssembly(folder, { skipVersionCheck: true }));
  const stacks = assembly.stacksRecursively;
  if (stacks.length === 0) throw new UsageError(`${folder} holds no stacks, so there is nothing to judge.`);
  const acknowledgements = new Acknowledgements();
  const templates = stacks.map((stack) => attempt(`${stack.templateFile} cannot be read`, () => readStack(stack, acknowledgements)));
  return { templates, acknowledgements, assets: new Map(stacks.flatMap((stack) => [...assetsOf(stack)])), environment: environmentOf(stacks) };
}

/** The CDK writes `unknown-…` for what a stack leaves to the one who deploys it. The first stack that says something decides. */
function environmentOf(stacks: readonly CloudFormationStackArtifact[]): Input['environment'] {
  const account = stacks.map(({ environment }) => environment.account).find((name) => /^\d{12}$/.test(name));
  const region = stacks.map(({ environment }) => environment.region).find((name) => !name.startsWith('unknown'));
  return { ...(account === undefined ? {} : { account }), ...(region === undefined ? {} : { region }) };
}

/** A stack's metadata knows the construct paths even where its template leaves them out. */
function readStack(stack: CloudFormationStackArtifact, acknowledgements: Acknowledgements): Template {
  const logicalIds: [path: string, logicalId: string][] = [];
  for (const [rooted, entries] of Object.entries(stack.metadata)) {
    const constructPath = rooted.replace(/^\//, '');
    for (const { type, data } of entries) {
      if (type === 'aws:cdk:logicalId' && typeof data === 'string') logicalIds.push([constructPath, data]);
      if (type !== 'aws:cdk:acknowledged-rules') continue;
      for (const [id, reason] of Object.entries(data as unknown as Record<string, unknown>)) acknowledgements.add(constructPath, id, typeof reason === 'string' ? reason : '');
    }
  }
  const template = loadTemplate(stack.templateFullPath, stack.hierarchicalId, { assets: assetsOf(stack) });
  return new ConstructPaths(stack.hierarchicalId, logicalIds).addTo(template);
}

/** The files that a stack publishes, and the folders that its images are built from, by hash. */
function assetsOf(stack: CloudFormationStackArtifact): Map<string, string> {
  const manifests = stack.dependencies.filter((artifact) => AssetManifestArtifact.isAssetManifestArtifact(artifact));
  return new Map(manifests.flatMap(({ file, contents }) => [
    ...Object.entries(contents.files ?? {}).map(([hash, { source }]) => [hash, source.path ?? ''] as const),
    ...Object.entries(contents.dockerImages ?? {}).map(([hash, { source }]) => [hash, source.directory ?? ''] as const),
  ].map(([hash, source]) => [hash, path.resolve(path.dirname(file), source)] as const)));
}

/** Runs something that may throw anything, and says it in one sentence. */
function attempt<T>(what: string, run: () => T): T {
  try {
    return run();
  } catch (error) {
    if (error instanceof UsageError) throw error;
    if (error instanceof UnreadableTemplateError) throw new UsageError(error.message);
    const reason = error instanceof Error ? error.message.split('\n')[0] : 'for an unknown reason';
    throw new UsageError(`${what}: ${reason}`);
  }
}
