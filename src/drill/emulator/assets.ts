import { readFile, stat } from 'node:fs/promises';
import type { S3Client } from '@aws-sdk/client-s3';
import type { Resource } from '../../checks/template/resource';
import { putObject } from './bucket';
import { zipFolder } from './zip';

/** Files and folders of a cloud assembly by the hash they are published under. */
export type AssetFiles = ReadonlyMap<string, string>;

/** What is made of code, and where it names it. */
const CODE: ReadonlyMap<string, string> = new Map([
  ['AWS::Lambda::Function', 'Code'],
  ['AWS::Lambda::LayerVersion', 'Content'],
]);

/** What files of an assembly are as they are published: the same at each of many deployments. */
const contents = new WeakMap<AssetFiles, Map<string, Promise<Buffer>>>();

/** Puts the code of functions where the templates say that it is. Container images are never published: a drill has local processes in their place. */
export async function publishCode(s3: S3Client, resources: readonly Resource[], assets: AssetFiles): Promise<void> {
  const published = new Set<string>();
  for (const resource of resources) {
    const place = CODE.get(resource.type);
    if (place === undefined) continue;
    const [Bucket, Key] = ['S3Bucket', 'S3Key'].map((name) => resource.evaluateAll().get(`${place}.${name}`).partialText().text);
    const file = assets.get(Key?.replace(/\.[^.]*$/, '') ?? '');
    if (!Bucket || !Key || file === undefined || published.has(`${Bucket}/${Key}`)) continue;
    published.add(`${Bucket}/${Key}`);
    await putObject(s3, Bucket, Key, await contentOf(file, assets));
  }
}

function contentOf(file: string, assets: AssetFiles): Promise<Buffer> {
  const known = contents.get(assets) ?? new Map<string, Promise<Buffer>>();
  contents.set(assets, known);
  const content = known.get(file) ?? packed(file);
  known.set(file, content);
  return content;
}

async function packed(file: string): Promise<Buffer> {
  return (await stat(file)).isDirectory() ? zipFolder(file) : readFile(file);
}
