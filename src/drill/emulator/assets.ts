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

/** Puts the code of functions where the templates say that it is. Container images are never published: a drill has local processes in their place. */
export async function publishCode(s3: S3Client, resources: readonly Resource[], assets: AssetFiles): Promise<void> {
  for (const resource of resources) {
    const place = CODE.get(resource.type);
    if (place === undefined) continue;
    const [Bucket, Key] = ['S3Bucket', 'S3Key'].map((name) => resource.evaluateAll().get(`${place}.${name}`).partialText().text);
    const file = assets.get(Key?.replace(/\.[^.]*$/, '') ?? '');
    if (!Bucket || !Key || file === undefined) continue;
    await putObject(s3, Bucket, Key, (await stat(file)).isDirectory() ? await zipFolder(file) : await readFile(file));
  }
}
