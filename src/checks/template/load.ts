import * as fs from 'fs';
import * as path from 'path';
import { isJsonMap, type JsonMap, section, type Template } from './template';

/** Turns the text of a template into JSON; throws where it cannot. */
export type TemplateParser = (text: string, file: string) => unknown;

/** How deep CloudFormation lets stacks nest is not bounded by much; a template that names itself must end somewhere. */
const MAX_DEPTH = 8;

/** Reads a template and the templates nested in it, as far as they lie beside it. */
export function loadTemplate(file: string, name: string, parse: TemplateParser = (text) => JSON.parse(text) as unknown, depth = 0): Template {
  const body = parse(fs.readFileSync(file, 'utf8'), file);
  if (!isJsonMap(body)) throw new Error(`${file} is not a CloudFormation template: it holds no map of sections`);
  const nested = new Map<string, Template>();
  if (depth < MAX_DEPTH) {
    for (const [logicalId, resource] of Object.entries(section({ name, body }, 'Resources'))) {
      const child = isJsonMap(resource) && resource.Type === 'AWS::CloudFormation::Stack' ? nestedFile(resource, path.dirname(file)) : undefined;
      if (child !== undefined) nested.set(logicalId, loadTemplate(child, `${name}/${logicalId}`, parse, depth + 1));
    }
  }
  return { name, body, file, nested };
}

/** The CDK leaves the file's name in the metadata; hand-written templates name it in TemplateURL until they are packaged. */
function nestedFile(resource: JsonMap, folder: string): string | undefined {
  const metadata = isJsonMap(resource.Metadata) ? resource.Metadata['aws:asset:path'] : undefined;
  const url = isJsonMap(resource.Properties) ? resource.Properties.TemplateURL : undefined;
  const named = [metadata, url].find((candidate) => typeof candidate === 'string' && !/^[a-z0-9]+:\/\//i.test(candidate));
  const file = typeof named === 'string' ? path.resolve(folder, named) : undefined;
  return file !== undefined && fs.existsSync(file) && fs.statSync(file).isFile() ? file : undefined;
}
