import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage } from 'node:http';
import { setTimeout as after } from 'node:timers/promises';
import { ElastiCacheClient } from '@aws-sdk/client-elasticache';
import { quietly } from '../emulator/quietly';
import { listenOnLoopback } from './loopback';

/** What a user is at the moment; whoever tries something out may set any of it. */
export interface HeldUser {
  readonly userName: string;
  status: 'active' | 'modifying' | 'deleting';
  authentication: 'password' | 'no-password' | 'iam';
  groups: string[];
  /** What it was told last, in its order. */
  passwords: string[];
}

/** The part of ElastiCache's API that tells of users and changes their passwords, over the users of a real Redis. */
export interface ElastiCacheUsers {
  /** Where it is asked. */
  readonly endpoint: string;
  /** The real one, pointed at it. */
  readonly client: ElastiCacheClient;
  readonly users: Map<string, HeldUser>;
  /** For so long a user is `modifying`. At its end Redis knows the new passwords. */
  modifyingMs: number;
  /** So long after it is `active` again Redis knows them. */
  lagMs: number;
  /** Refuses every caller from now on, as IAM does. */
  isForbidden: boolean;
  /** The actions that were asked for, in their order; those that were refused too. */
  readonly asked: string[];
  stop(): Promise<void>;
}

/** ElastiCache API, CreateUser and ModifyUser. */
const PASSWORDS = { most: 2, shortest: 16, longest: 128 };
const NAMESPACE = 'http://elasticache.amazonaws.com/doc/2015-02-02/';

class Fault extends Error {
  public constructor(public readonly code: string, public readonly status: number, message: string) {
    super(message);
  }
}

/** Gives a user of a Redis these passwords, and takes all others away. */
export type TellPasswords = (userName: string, passwords: readonly string[]) => Promise<unknown>;

/** @param held by the id of each user, its name in the Redis and the password that it has there */
export async function startElastiCacheUsers(tellRedis: TellPasswords, held: Readonly<Record<string, { readonly userName: string; readonly password: string }>>): Promise<ElastiCacheUsers> {
  const users = new Map<string, HeldUser>();
  for (const [id, { userName, password }] of Object.entries(held)) users.set(id, { userName, status: 'active', authentication: 'password', groups: ['group'], passwords: [password] });
  const changes = new Set<Promise<void>>();
  const state = { modifyingMs: 0, lagMs: 0, isForbidden: false, users, asked: [] as string[] };

  const tell = ({ userName, passwords }: HeldUser): Promise<unknown> => tellRedis(userName, passwords);
  const apply = async (user: HeldUser): Promise<void> => {
    const { modifyingMs, lagMs } = state;
    await after(modifyingMs);
    if (lagMs === 0) await tell(user);
    if (user.status === 'modifying') user.status = 'active';
    if (lagMs === 0) return;
    await after(lagMs);
    await tell(user);
  };
  const change = (user: HeldUser): void => {
    user.status = 'modifying';
    const changing = apply(user).finally(() => changes.delete(changing));
    changes.add(changing);
  };

  const server = createServer((request, response) => {
    read(request).then((form) => {
      const { status, xml } = answered(() => answer(state, form, change));
      response.writeHead(status, { 'content-type': 'text/xml' }).end(xml);
    }).catch(() => response.destroy());
  });
  const listening = await listenOnLoopback(server);
  const endpoint = `http://127.0.0.1:${listening.port}`;
  const client = quietly(() => new ElastiCacheClient({
    endpoint,
    region: 'eu-central-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    maxAttempts: 1,
  }));
  return Object.assign(state, {
    endpoint,
    client,
    stop: async () => {
      client.destroy();
      await Promise.all(changes);
      await listening.stop();
    },
  });
}

type State = Pick<ElastiCacheUsers, 'users' | 'asked' | 'isForbidden'>;

async function read(request: IncomingMessage): Promise<URLSearchParams> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return new URLSearchParams(Buffer.concat(chunks).toString());
}

function answered(make: () => string): { readonly status: number; readonly xml: string } {
  try {
    return { status: 200, xml: make() };
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    return { status: error.status, xml: errorXml(error) };
  }
}

function answer({ users, asked, isForbidden }: State, form: URLSearchParams, change: (user: HeldUser) => void): string {
  const action = form.get('Action') ?? '';
  asked.push(action);
  // As a real fault does now and then, it repeats what was sent: nobody may write it to a log.
  if (isForbidden) throw new Fault('AccessDenied', 403, `Not authorized: ${form.toString()}`);
  const id = form.get('UserId') ?? '';
  const user = users.get(id);
  if (!user) throw new Fault('UserNotFound', 404, `User ${id} not found.`);
  if (action === 'DescribeUsers') return resultXml(action, `<Users><member>${userXml(id, user)}</member></Users>`);
  if (action !== 'ModifyUser') throw new Fault('InvalidAction', 400, `${action} is not here.`);
  if (user.status !== 'active') throw new Fault('InvalidUserState', 400, `User ${id} is ${user.status}.`);
  user.passwords = passwordsIn(form);
  user.authentication = 'password';
  change(user);
  return resultXml(action, userXml(id, user));
}

function passwordsIn(form: URLSearchParams): string[] {
  if (form.get('AuthenticationMode.Type') !== 'password') throw new Fault('InvalidParameterValue', 400, 'Only passwords can be set here.');
  const passwords = [...form].flatMap(([name, value]) => (/^AuthenticationMode\.Passwords\.member\.\d+$/.test(name) ? [value] : []));
  if (passwords.length < 1 || passwords.length > PASSWORDS.most) throw new Fault('InvalidParameterValue', 400, `${passwords.length} passwords: ${passwords.join(' ')}`);
  const odd = passwords.find(({ length }) => length < PASSWORDS.shortest || length > PASSWORDS.longest);
  if (odd !== undefined) throw new Fault('InvalidParameterValue', 400, `Not a password: ${odd}`);
  return passwords;
}

function userXml(id: string, { userName, status, authentication, groups, passwords }: HeldUser): string {
  const count = authentication === 'password' ? `<PasswordCount>${passwords.length}</PasswordCount>` : '';
  return `<UserId>${id}</UserId><UserName>${userName}</UserName><Status>${status}</Status><Engine>valkey</Engine>`
    + `<UserGroupIds>${groups.map((group) => `<member>${group}</member>`).join('')}</UserGroupIds>`
    + `<Authentication><Type>${authentication}</Type>${count}</Authentication>`;
}

function resultXml(action: string, result: string): string {
  return `<${action}Response xmlns="${NAMESPACE}"><${action}Result>${result}</${action}Result><ResponseMetadata><RequestId>${randomUUID()}</RequestId></ResponseMetadata></${action}Response>`;
}

function errorXml({ code, message }: Fault): string {
  const escaped = message.replace(/[<&]/g, (sign) => `&#${sign.charCodeAt(0)};`);
  return `<ErrorResponse xmlns="${NAMESPACE}"><Error><Type>Sender</Type><Code>${code}</Code><Message>${escaped}</Message></Error><RequestId>${randomUUID()}</RequestId></ErrorResponse>`;
}
