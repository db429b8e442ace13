import { createHash, createHmac } from 'node:crypto';
import { WORKER_ID_PREFIX_VARIABLE } from '../broker/contract';
import { stsHost, TASK_PROOF } from '../broker/protocol/contract';
import type { Proof } from './broker';

/** Where ECS tells a task about itself, and where its credentials are: link-local, so that no route and no door is needed (ECS guide, "Task metadata endpoint version 4", "Task IAM role"). */
const METADATA_VARIABLE = 'ECS_CONTAINER_METADATA_URI_V4';
const RELATIVE_VARIABLE = 'AWS_CONTAINER_CREDENTIALS_RELATIVE_URI';
/** What the same is named where the credentials are somewhere else on this machine. */
const FULL_VARIABLE = 'AWS_CONTAINER_CREDENTIALS_FULL_URI';
const CREDENTIALS_ORIGIN = 'http://169.254.170.2';
const TIMEOUT_MS = 5000;

const TASK_ARN = /^arn:[a-z-]+:ecs:([a-z0-9-]+):\d{12}:task\/(?:[^/]+\/)?([A-Za-z0-9-]+)$/;

interface Task {
  readonly id: string;
  readonly region: string;
}

/** The id of the worker that this task is: what its pool's ids begin with, a hyphen, and the task's own id. @throws Error outside of such a task */
export async function taskWorkerId(): Promise<string> {
  const prefix = variable(WORKER_ID_PREFIX_VARIABLE);
  return `${prefix}-${(await readTask()).id}`;
}

export interface TaskProofOptions {
  readonly host: string;
  readonly workerId: string;
  readonly nonce: string;
}

/**
 * Proves in which task this runs: a request to STS that the broker sends, and that says nothing to anybody else.
 *
 * Whoever sees it could derive the key as well: that says that nothing was changed, and the request to STS says who it is.
 */
export async function taskProof({ host, workerId, nonce }: TaskProofOptions): Promise<Proof> {
  const { region } = await readTask();
  const relative = process.env[RELATIVE_VARIABLE];
  const credentials = await read(relative === undefined ? variable(FULL_VARIABLE) : `${CREDENTIALS_ORIGIN}${relative}`);
  const [id, secret, token] = ['AccessKeyId', 'SecretAccessKey', 'Token'].map((name) => textIn(credentials, name));
  const headers: Readonly<Record<string, string>> = {
    'content-type': TASK_PROOF.contentType,
    'host': stsHost(region),
    'x-amz-date': new Date().toISOString().replace(/[:-]|\.\d{3}/g, ''),
    'x-amz-security-token': token ?? '',
    [TASK_PROOF.header]: `${host}/${workerId}/${nonce}`,
  };
  const authorization = signForSts(headers, region, id ?? '', secret ?? '');
  const told = { authorization, 'x-amz-date': headers['x-amz-date'], 'x-amz-security-token': token };
  const value = Buffer.from(JSON.stringify(told)).toString('base64url');
  return { key: sha256(value), said: { field: 'task_proof', value } };
}

/** Signature Version 4 (IAM guide, "Create a signed AWS API request"). */
function signForSts(headers: Readonly<Record<string, string>>, region: string, id: string, secret: string): string {
  const names = TASK_PROOF.signedHeaders;
  const moment = headers['x-amz-date'] ?? '';
  const scope = [moment.slice(0, 8), region, 'sts', 'aws4_request'];
  const request = ['POST', '/', '', ...names.map((name) => `${name}:${headers[name] ?? ''}`), '', names.join(';'), sha256(TASK_PROOF.body)].join('\n');
  const toSign = ['AWS4-HMAC-SHA256', moment, scope.join('/'), sha256(request)].join('\n');
  const key = scope.reduce<Buffer | string>((last, part) => hmac(last, part), `AWS4${secret}`);
  return `AWS4-HMAC-SHA256 Credential=${id}/${scope.join('/')}, SignedHeaders=${names.join(';')}, Signature=${hmac(key, toSign).toString('hex')}`;
}

async function readTask(): Promise<Task> {
  const [, region, id] = TASK_ARN.exec(textIn(await read(`${variable(METADATA_VARIABLE)}/task`), 'TaskARN')) ?? [];
  if (region === undefined || id === undefined) throw new Error('The metadata of this task name no task.');
  return { id, region };
}

async function read(url: string): Promise<unknown> {
  const response = await fetch(url, { signal: AbortSignal.timeout(TIMEOUT_MS) });
  if (!response.ok) throw new Error(`ECS answers ${response.status} about this task.`);
  return response.json();
}

function textIn(document: unknown, name: string): string {
  const value: unknown = typeof document === 'object' && document !== null ? Object.entries(document).find(([one]) => one === name)?.[1] : undefined;
  if (typeof value !== 'string') throw new Error(`ECS does not tell ${name} of this task.`);
  return value;
}

function variable(name: string): string {
  const value = process.env[name];
  if (value === undefined || value === '') throw new Error(`${name} is not set: this is no task of a worker pool.`);
  return value;
}

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
const hmac = (key: Buffer | string, text: string): Buffer => createHmac('sha256', key).update(text).digest();
