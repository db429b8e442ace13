import * as fs from 'fs';
import * as path from 'path';
import { isJsonMap, type JsonMap, section, type Template } from './template';

/** Turns the text of a template into JSON; throws where it cannot. */
export type TemplateParser = (text: string, file: string) => unknown;

const parseJson: TemplateParser = (text) => JSON.parse(text) as unknown;

export interface LoadOptions {
  /** @default - JSON */
  readonly parse?: TemplateParser;
  /** Files of a cloud assembly by the hash they are published under, which is all that a nested stack may name. @default - none */
  readonly assets?: ReadonlyMap<string, string>;
}

/** A file that is no template, in one sentence that names it: it may be one that the user has not named. */
export class UnreadableTemplateError extends Error {}

/**
 * Reads a template and the templates nested in it, as far as they are at hand.
 *
 * @param around the files this one is nested in; a template that nests one of them ends there
 */
export function loadTemplate(file: string, name: string, options: LoadOptions = {}, around: readonly string[] = []): Template {
  const body = read(file, options.parse ?? parseJson);
  const files = [...around, path.resolve(file)];
  const nested = new Map<string, Template>();
  for (const [logicalId, resource] of Object.entries(section({ name, body }, 'Resources'))) {
    const child = isJsonMap(resource) && resource.Type === 'AWS::CloudFormation::Stack' ? nestedFile(resource, path.dirname(file), options) : undefined;
    if (child !== undefined && !files.includes(child)) nested.set(logicalId, loadTemplate(child, `${name}/${logicalId}`, options, files));
  }
  return { name, body, file, nested };
}

function read(file: string, parse: TemplateParser): JsonMap {
  const body = parsed(file, parse);
  if (!isJsonMap(body)) throw new UnreadableTemplateError(`${file} is not a CloudFormation template: it holds no map of sections.`);
  if (body.Resources !== undefined && !isJsonMap(body.Resources)) throw new UnreadableTemplateError(`${file} is not a CloudFormation template: its Resources are no map.`);
  return body;
}

function parsed(file: string, parse: TemplateParser): unknown {
  try {
    return parse(fs.readFileSync(file, 'utf8'), file);
  } catch (error) {
    const reason = error instanceof Error ? error.message.split('\n')[0] : 'for an unknown reason';
    throw new UnreadableTemplateError(`${file} cannot be read as a CloudFormation template: ${reason}`);
  }
}

/** The CDK leaves the file's name in the metadata; hand-written templates name it in TemplateURL until they are packaged. */
function nestedFile(resource: JsonMap, folder: string, { assets }: LoadOptions): string | undefined {
  const metadata = isJsonMap(resource.Metadata) ? resource.Metadata['aws:asset:path'] : undefined;
  const url = isJsonMap(resource.Properties) ? resource.Properties.TemplateURL : undefined;
  const hash = /\/([0-9a-f]{64})\.json/.exec(JSON.stringify(url ?? ''))?.[1];
  return [metadata, url, assets?.get(hash ?? '')]
    .filter((candidate) => typeof candidate === 'string' && !/^[a-z0-9]+:\/\//i.test(candidate))
    .map((candidate) => path.resolve(folder, String(candidate)))
    .find((file) => fs.statSync(file, { throwIfNoEntry: false })?.isFile());
}
