import { createHash } from 'node:crypto';
import type { AuditRecord } from '../../../audit/contract';
import { listed } from '../../../listed';
import type { Attack, AttackResult } from '../../attack';
import { answerTo, MAX_LISTED } from '../../attacks/attempts';
import type { WireAnswer, WireRequest } from '../../scene';
import { GATE_BYPASSED } from '../saboteurs';
import { draftOn, NOTHING, routesFor, together, wantsOf } from '../wants';
import { faultsOf } from './audit-record';
import { type AtGate, defineGateAttack, withHeader, withoutHeader } from './define';
import { nameOf, planOf, rateOf, enoughFor, refusalTo, somebodyElse, spotOf } from './spending';
import { becomes, opened, streaming } from './streams';

/** A request that has been answered, and what its record has to say. */
interface Decided {
  readonly name: string;
  /** What the caller was given to find it again; undefined where the gate did not speak. */
  readonly requestId: string | undefined;
  readonly status: number;
  readonly outcome: AuditRecord['outcome'];
  /** Whether somebody was proven. */
  readonly isKnown: boolean;
  /** What no line may hold. */
  readonly secrets: readonly string[];
}

/** Records are written when a request is over, which the caller may know first. */
const WRITTEN_MS = 5000;

function credentialsIn({ headers }: WireRequest, keyHeader: string): string[] {
  const shown = Object.entries(headers).filter(([name]) => ['authorization', keyHeader].includes(name.toLowerCase()));
  return shown.map(([, value]) => value.replace(/^Bearer /, '')).filter((value) => value !== '');
}

/** One request for each kind of decision, with texts of its own wherever a caller may put some. */
class Probes {
  public readonly decided: Decided[] = [];
  private readonly keyHeader: string;

  public constructor(private readonly at: AtGate) {
    this.keyHeader = at.gate.configuration.identity.key?.header ?? 'x-api-key';
  }

  /** With canaries in a header, in the query and in the cookies. */
  public dressed(request: WireRequest): { readonly request: WireRequest; readonly secrets: readonly string[] } {
    const secrets = [1, 2, 3].map(() => this.at.scene.canary());
    const [header = '', query = '', cookie = ''] = secrets;
    const path = `${request.path}${request.path.includes('?') ? '&' : '?'}prompt=${query}`;
    const whole = withHeader(withHeader({ ...request, path }, 'x-drill', header), 'cookie', `session=${cookie}`);
    return { request: whole, secrets: [...secrets, ...credentialsIn(request, this.keyHeader)] };
  }

  public bare(request: WireRequest): WireRequest {
    return withoutHeader(request, 'authorization', this.keyHeader);
  }

  public note(name: string, answer: Pick<WireAnswer, 'status' | 'headers'>, expected: Pick<Decided, 'outcome' | 'isKnown' | 'secrets'>): void {
    this.decided.push({ name, requestId: answer.headers['x-request-id'], status: answer.status, ...expected });
  }

  public async send(name: string, plain: WireRequest, { outcome, isKnown, secrets: more = [] }: Partial<Decided> & Pick<Decided, 'outcome' | 'isKnown'>): Promise<void> {
    const { request, secrets } = this.dressed(plain);
    const answer = await answerTo(this.at.scene, this.at.gate.open, request);
    if (answer === undefined) throw new Error(`${name} was not answered.`);
    this.note(name, answer, { outcome, isKnown, secrets: [...secrets, ...more] });
  }
}

const SERVED = { outcome: 'served', isKnown: true } as const;

async function decisions(at: AtGate): Promise<readonly Decided[]> {
  const { gate, scene } = at;
  const probes = new Probes(at);
  const good = await gate.request();
  const [body, segment] = [scene.canary(), scene.canary()];
  await probes.send('a good request', good, SERVED);
  await probes.send('the same caller\'s next', good, SERVED);
  await probes.send('a bad credential', withHeader(probes.bare(good), 'authorization', `Bearer ${scene.canary()}`), { outcome: 'refused', isKnown: false });
  await probes.send('a bad path', { ...good, path: `${good.path};${segment}` }, { outcome: 'refused', isKnown: false, secrets: [segment] });
  const asking = gate.configuration.policy.routes.find(({ access }) => access.kind !== 'authenticated');
  if (asking !== undefined) await probes.send('too small a scope', await gate.request({ draft: draftOn(asking, gate.draft()), wants: NOTHING }), { outcome: 'refused', isKnown: true });
  const { request: stream, secrets } = probes.dressed(streaming(good));
  const left = await opened(at, stream);
  left.close();
  probes.note('a stream that its caller left', left, { outcome: 'cut', isKnown: true, secrets });
  const { maxBodyBytes } = gate.configuration.limits;
  const announced = `POST ${good.path} HTTP/1.1\r\n${Object.entries({ 'host': 'drill.test', ...good.headers, 'content-type': 'text/plain', 'content-length': String(maxBodyBytes + 1) })
    .map(([name, value]) => `${name}: ${value}`).join('\r\n')}\r\n\r\n${body}`;
  const raw = await scene.sendRaw(gate.open, announced, good);
  probes.note('a body that is too large', { status: Number(/^HTTP\/1\.1 (\d{3})/.exec(raw)?.[1] ?? 0), headers: { ...idIn(raw) } }, { outcome: 'refused', isKnown: true, secrets: [body] });
  return probes.decided;
}

function idIn(answer: string): Readonly<Record<string, string>> {
  const id = /^x-request-id: *(\S+)/im.exec(answer)?.[1];
  return id === undefined ? {} : { 'x-request-id': id };
}

/** One who has sent too much, where that is counted. */
async function overspent(at: AtGate): Promise<readonly Decided[]> {
  const spot = spotOf(at, 'light');
  if (at.gate.configuration.rate === undefined || spot === undefined) return [];
  const probes = new Probes(at);
  const { request, secrets } = probes.dressed(await at.gate.request(spot));
  probes.note('one request too many', await refusalTo(at, request, enoughFor(planOf(rateOf(at), spot.wants).general)), { outcome: 'refused', isKnown: true, secrets });
  return probes.decided;
}

/** What is wrong with what was recorded of a decision. */
function faults(records: readonly AuditRecord[], { requestId, status, outcome, isKnown }: Decided): string[] {
  const found = records.filter(({ request_id: id }) => id === requestId);
  const [record] = found;
  if (record === undefined || found.length > 1) return [`${found.length} records`];
  return [
    ...faultsOf(record),
    ...(record.outcome === outcome ? [] : [`the outcome ${record.outcome}`]),
    ...(record.status === status ? [] : [`the status ${record.status ?? 'of nobody'}`]),
    ...(isKnown && record.identity === undefined ? ['nobody\'s name'] : []),
  ];
}

/** Under which nobody who guesses a name may find it. */
function guessesOf(name: string): string[] {
  return [name, JSON.stringify([name])].map((guess) => createHash('sha256').update(guess).digest('hex').slice(0, 32));
}

const everyDecision = defineGateAttack('AUD-1', 'gate-every-decision', {
  tries: 'Is served, refused for each kind of reason, sends too much and too large a body, and leaves in the middle of a stream, with texts in headers, queries, cookies, credentials and bodies.',
  expects: [
    'Each of them has exactly one record, with the fields of the schema and no other, that says what the caller was told; callers are told apart by a hash that nobody can guess;',
    'none of the texts stands in any line. That no record is lost under load or with a killed task is shown in the gate\'s own tests.',
  ].join(' '),
  async run(at): Promise<AttackResult> {
    const { gate } = at;
    const single = await decisions(at);
    const silent = single.filter(({ requestId }) => requestId === undefined).map(({ name }) => name);
    if (silent.length > 0) return { verdict: 'succeeded', saw: `Nothing that the caller was told leads to a record of ${listed(silent, MAX_LISTED)}.` };
    const all = [...single, ...await overspent(at)];
    const isWritten = ({ requestId }: Decided): boolean => gate.records().some(({ request_id: id }) => id === requestId);
    await becomes(() => all.every(isWritten), WRITTEN_MS);
    const wrong = all.flatMap((decided) => faults(gate.records(), decided).map((fault) => `${decided.name}: ${fault}`));
    if (wrong.length > 0) return { verdict: 'succeeded', saw: `What was recorded is not what happened: ${listed(wrong, MAX_LISTED)}.` };
    const output = gate.output();
    const told = all.filter(({ secrets }) => secrets.some((secret) => output.includes(secret))).map(({ name }) => name);
    if (told.length > 0) return { verdict: 'succeeded', saw: `What the caller sent stands in the gate's output: ${listed(told, MAX_LISTED)}.` };
    const names = await identities(at, all);
    return names ?? { verdict: 'withstood', saw: `Each of ${all.length} decisions has one record of the schema, and none holds what a caller sent.` };
  },
  saboteurs: [GATE_BYPASSED],
});

/** Whether a caller is the same in all his records, another than others, and nobody by a plain hash of his name. */
async function identities(at: AtGate, all: readonly Decided[]): Promise<AttackResult | undefined> {
  const { gate, scene } = at;
  const known = (requestId?: string): string | undefined => gate.records().find(({ request_id: id }) => id === requestId)?.identity;
  const [first, second] = all;
  if (known(first?.requestId) !== known(second?.requestId)) return { verdict: 'succeeded', saw: 'One caller has two names in two records.' };
  const request = await gate.request();
  const name = await nameOf(at, request);
  const answer = await answerTo(scene, gate.open, request);
  const requestId = answer?.headers['x-request-id'];
  if (!await becomes(() => known(requestId) !== undefined, WRITTEN_MS)) return { verdict: 'succeeded', saw: 'A good request has no record of who sent it.' };
  if (guessesOf(name).includes(known(requestId) ?? '')) return { verdict: 'succeeded', saw: 'A caller\'s name can be guessed from the record, which has its plain SHA-256.' };
  const draft = gate.draft();
  const wants = together(routesFor(gate.configuration.policy, draft.method, draft.path).map(({ access }) => wantsOf(access)));
  const other = await somebodyElse(at, name, { draft, wants });
  if (other === undefined) return undefined;
  const otherId = (await answerTo(scene, gate.open, other))?.headers['x-request-id'];
  if (!await becomes(() => known(otherId) !== undefined, WRITTEN_MS)) return { verdict: 'succeeded', saw: 'A good request has no record of who sent it.' };
  return known(otherId) === known(requestId) ? { verdict: 'succeeded', saw: 'Two callers have one name in the records.' } : undefined;
}

export const AUDIT_ATTACKS: readonly Attack[] = [everyDecision];
