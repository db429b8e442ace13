import type { TaskJoinConfiguration } from '../../broker/contract';
import { stsHost, TASK_PROOF } from '../../broker/protocol/contract';
import { memberOf, parseJsonObject } from '../shared/json-object';
import type { TaskClaim, TaskIdentity } from './ports';

/** What STS answered. */
export interface StsAnswer {
  readonly status: number;
  readonly body: string;
}

/** Sends to STS of the region, and nowhere else. Throws where it does not answer in time. */
export type AskSts = (headers: Readonly<Record<string, string>>, body: string) => Promise<StsAnswer>;

/** What a task's credentials signed; it is one of them, and so is never written down. */
interface SignedHeaders {
  readonly authorization: string;
  readonly date: string;
  readonly token: string;
}

const DATE = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/;
/**
 * So many seconds may lie between what was signed for STS and the request that it comes with (ours). STS takes it for minutes, and whoever caught it could sign a later
 * request with it, once the nonce is forgotten.
 */
const APART_SECONDS = 15;
const TOKEN = /^[\x21-\x7e]{1,2800}$/;
const CREDENTIAL = String.raw`Credential=[A-Z0-9]{16,128}/\d{8}/`;

/** The whole ARN, once: an answer with two of them is none. */
const ARN = /<Arn>arn:aws[a-z-]{0,20}:sts::(\d{12}):assumed-role\/([\w+=,.@-]{1,64})\/([\w+=,.@-]{2,64})<\/Arn>/g;

/**
 * Knows a task by what its credentials signed for `sts:GetCallerIdentity`. The broker writes the request itself; the worker only says how it was signed, so that nothing it
 * sends chooses who is asked, or what. A header of it holds broker, worker and nonce: a proof that was caught is good for the one request it came with.
 *
 * That the session of a Fargate task's role is the id of the task has been seen, and stands in no document of AWS.
 */
export class StsTaskIdentity implements TaskIdentity {
  private readonly authorization: RegExp;

  public constructor(private readonly region: string, private readonly tasks: TaskJoinConfiguration, private readonly ask: AskSts) {
    const scope = `${region}/sts/aws4_request`.replaceAll('-', String.raw`\-`);
    this.authorization = new RegExp(`^AWS4-HMAC-SHA256 ${CREDENTIAL}${scope}, ?SignedHeaders=${TASK_PROOF.signedHeaders.join(';')}, ?Signature=[0-9a-f]{64}$`);
  }

  public async sessionOf(taskProof: string, { host, workerId, nonce, timestamp }: TaskClaim): Promise<string | undefined> {
    const signed = this.read(taskProof);
    if (signed === undefined || !(Math.abs(secondsIn(signed.date) - timestamp) <= APART_SECONDS)) return undefined;
    const { status, body } = await this.ask({
      'host': stsHost(this.region),
      'content-type': TASK_PROOF.contentType,
      'authorization': signed.authorization,
      'x-amz-date': signed.date,
      'x-amz-security-token': signed.token,
      [TASK_PROOF.header]: `${host}/${workerId}/${nonce}`,
    }, TASK_PROOF.body);
    // STS at fault, or too busy, says nothing about who asks.
    if (status >= 500 || status === 429) throw new StsUnavailable();
    return status === 200 ? this.sessionIn(body, workerId) : undefined;
  }

  private read(taskProof: string): SignedHeaders | undefined {
    const object = parseJsonObject(Buffer.from(taskProof, 'base64url').toString('latin1')) ?? {};
    const [authorization, date, token] = TASK_PROOF.fields.map((name) => memberOf(object, name));
    const isWhole = Object.keys(object).length === TASK_PROOF.fields.length && typeof authorization === 'string' && this.authorization.test(authorization)
      && typeof date === 'string' && DATE.test(date) && typeof token === 'string' && TOKEN.test(token);
    return isWhole ? { authorization, date, token } : undefined;
  }

  private sessionIn(body: string, workerId: string): string | undefined {
    const found = [...body.matchAll(ARN)];
    const [, account, name, session] = found.length === 1 ? found[0] ?? [] : [];
    const role = this.tasks.roles.find((known) => known.name === name);
    const isHis = account === this.tasks.account && role !== undefined && session !== undefined && workerId === `${role.prefix}-${session}`;
    return isHis ? session : undefined;
  }
}

/** Seconds since 1970; not a number where there is no such moment. */
const secondsIn = (date: string): number => Date.parse(date.replace(DATE, '$1-$2-$3T$4:$5:$6Z')) / 1000;

/** STS could not say who it is. */
export class StsUnavailable extends Error {
  public constructor() {
    super('STS did not answer');
    this.name = 'StsUnavailable';
  }
}
