import { createServer, type IncomingMessage, request as ask, type ServerResponse } from 'node:http';
import { InvokeCommand, type LambdaClient } from '@aws-sdk/client-lambda';
import { DescribeSecretCommand, type SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { messageOf } from '../../src/drill/message-of';
import { listenOnLoopback } from '../../src/drill/services/loopback';
import { AwsSecretVersions } from '../../src/runtime/rotation/aws-secret-versions';
import { EmulatedSecret } from './emulated-secrets';
import { STEPS } from './rotations';

/** The emulator with what it leaves out: RotateSecret calls the rotation function, and somebody retires what was rotated. */
export interface RotatingAws {
  readonly endpoint: string;
  /** What was asked for here, in its order. */
  readonly asked: string[];
  /** Each time that RotateSecret was asked for and not refused. */
  readonly rotated: { readonly arn: string; readonly token: string }[];
  /** What was said by functions that failed; the command would wait for them for an hour. */
  readonly faults: string[];
  /** Refuses RotateSecret, as IAM does. */
  isForbidden: boolean;
  /** Rotations end after their first step, as where a function fails for good. */
  isHalting: boolean;
  /** Resolves when a rotation has ended so. */
  halted(): Promise<void>;
  /** What a deployment does: the function is called without an event, and what it replaced is settled. */
  deployed(arn: string): Promise<void>;
  stop(): Promise<void>;
}

const TARGET = /^secretsmanager\.(\w+)$/;

export async function startRotatingAws(emulator: string, secrets: SecretsManagerClient, lambda: LambdaClient): Promise<RotatingAws> {
  const rotatedAt = new Map<string, number>();
  const underWay = new Set<Promise<void>>();
  const halts: (() => void)[] = [];
  const hasHalted = new Promise<void>((resolve) => halts.push(resolve));
  const state = { asked: [] as string[], rotated: [] as { readonly arn: string; readonly token: string }[], faults: [] as string[], isForbidden: false, isHalting: false };

  const invoke = async (arn: string, event?: object): Promise<unknown> => {
    const { RotationLambdaARN } = await secrets.send(new DescribeSecretCommand({ SecretId: arn }));
    const { FunctionError, Payload } = await lambda.send(new InvokeCommand({ FunctionName: RotationLambdaARN, ...(event && { Payload: JSON.stringify(event) }) }));
    const text = Buffer.from(Payload ?? []).toString();
    if (FunctionError !== undefined) throw new Error(`The rotation function failed: ${text}`);
    return text === '' ? undefined : JSON.parse(text) as unknown;
  };
  const settle = async (arn: string): Promise<void> => {
    let outcome: unknown;
    while (outcome !== 'nothing') ({ outcome } = await invoke(arn, { retire: { secretArn: arn } }) as { readonly outcome: unknown });
  };
  const rotate = async (arn: string, ClientRequestToken: string, isHalting: boolean): Promise<void> => {
    await new EmulatedSecret(secrets, arn).begin(ClientRequestToken);
    for (const Step of isHalting ? STEPS.slice(0, 1) : STEPS) await invoke(arn, { Step, SecretId: arn, ClientRequestToken });
    if (isHalting) {
      for (const tell of halts) tell();
      return;
    }
    rotatedAt.set(arn, Date.now() / 1000);
    await settle(arn);
  };

  const answer = async (incoming: IncomingMessage, response: ServerResponse): Promise<void> => {
    const body = await read(incoming);
    const [, action = ''] = TARGET.exec(String(incoming.headers['x-amz-target'])) ?? [];
    state.asked.push(action === '' ? `${incoming.method ?? ''} ${new URLSearchParams(body.toString()).get('Action') ?? incoming.url ?? ''}` : action);
    if (action !== 'RotateSecret') return forward(emulator, incoming, body, response, (answered) => (action === 'DescribeSecret' ? dated(answered, rotatedAt) : answered));
    const { SecretId: arn, ClientRequestToken: token } = JSON.parse(body.toString()) as { readonly SecretId: string; readonly ClientRequestToken: string };
    const { current, pending } = await new AwsSecretVersions(secrets, arn).stages();
    if (state.isForbidden) {
      say(response, 400, { __type: 'AccessDeniedException', message: 'not authorized to perform secretsmanager:RotateSecret' });
      return;
    }
    // API RotateSecret: where AWSPENDING is on a version that is not the current one, a rotation is taken to be in progress.
    if (pending !== undefined && pending !== current && pending !== token) {
      say(response, 400, { __type: 'InvalidRequestException', message: "A previous rotation isn't complete. That rotation will be reattempted." });
      return;
    }
    state.rotated.push({ arn, token });
    const rotating = rotate(arn, token, state.isHalting)
      .catch((error: unknown) => void state.faults.push(messageOf(error)))
      .finally(() => underWay.delete(rotating));
    underWay.add(rotating);
    say(response, 200, { ARN: arn, VersionId: token });
  };

  const server = createServer((incoming, response) => {
    answer(incoming, response).catch(() => response.destroy());
  });
  const listening = await listenOnLoopback(server);
  return Object.assign(state, {
    endpoint: `http://127.0.0.1:${listening.port}`,
    halted: () => hasHalted,
    deployed: async (arn: string) => {
      await invoke(arn);
      await settle(arn);
    },
    stop: async () => {
      await Promise.all(underWay);
      await listening.stop();
    },
  });
}

async function read(stream: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

function say(response: ServerResponse, status: number, answer: object): void {
  response.writeHead(status, { 'content-type': 'application/x-amz-json-1.1' }).end(JSON.stringify(answer));
}

function forward(emulator: string, { method, url, headers }: IncomingMessage, body: Buffer, response: ServerResponse, change: (answered: Buffer) => Buffer): Promise<void> {
  return new Promise((resolve, reject) => {
    ask(`${emulator}${url ?? '/'}`, { method, headers }, (answered) => {
      read(answered).then((said) => {
        const text = change(said);
        const others = Object.entries(answered.headers).filter(([name]) => name !== 'transfer-encoding');
        response.writeHead(answered.statusCode ?? 502, { ...Object.fromEntries(others), 'content-length': text.length }).end(text);
        resolve();
      }).catch(reject);
    }).once('error', reject).end(body);
  });
}

/** The emulator does not tell when a secret was rotated. */
function dated(answered: Buffer, rotatedAt: ReadonlyMap<string, number>): Buffer {
  const description = JSON.parse(answered.toString()) as { readonly ARN?: string };
  const LastRotatedDate = rotatedAt.get(description.ARN ?? '');
  return LastRotatedDate === undefined ? answered : Buffer.from(JSON.stringify({ ...description, LastRotatedDate }));
}
