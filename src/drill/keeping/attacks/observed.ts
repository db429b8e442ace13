import { randomBytes } from 'node:crypto';
import type { ContainerDefinition, TaskDefinition } from '@aws-sdk/client-ecs';
import { environmentOf } from '../../../checks/rules/containers';
import type { Resource } from '../../../checks/template/resource';
import { isSafeEndpoint, OTLP_ENDPOINT, SENTRY_DSN } from '../../../core/contract';
import { listed } from '../../../listed';
import type { AttackResult } from '../../attack';
import { MAX_LISTED } from '../../attacks/attempts';
import { mapsIn, parsedLine, text } from '../../json';
import { createPki } from '../../services/pki';
import { startTapped, type TappedServer } from '../../services/tapped-server';
import { changed, listAltered, omit } from '../../saboteurs';
import { defineKeepingAttack, resourcesIn } from '../attack';
import { taskOf, textsOf, valueOf, withoutField } from '../reading';
import { containersAltered } from '../saboteurs';
import type { KeepingScene } from '../scene';
import { FUNCTION, TASK_DEFINITION } from '../types';

/** Made up; nobody answers there. */
const ELSEWHERE = 'collector.drill.test:4318';
const DSN_IN_CLEAR = 'https://0123456789abcdef0123456789abcdef@sentry.drill.test/1';

/** Alters where traces and measurements go. */
const endpointsBecome = (endpoint: string) => containersAltered(`telemetry goes to ${endpoint}`, (container) => (
  listAltered(container, 'Environment', (entries) => changed(entries, (entry) => (OTLP_ENDPOINT.test(String(entry.Name)) ? { ...entry, Value: endpoint } : undefined)))
));

const DSN_SHOWN = containersAltered(`${SENTRY_DSN} in the plain environment`, (container) => {
  const secrets = mapsIn(container.Secrets);
  const others = secrets.filter(({ Name }) => Name !== SENTRY_DSN);
  if (others.length === secrets.length) return undefined;
  const bare = others.length === 0 ? omit(container, 'Secrets') : { ...container, Secrets: others };
  return { ...bare, Environment: [...mapsIn(container.Environment), { Name: SENTRY_DSN, Value: DSN_IN_CLEAR }] };
});

/** Whether a container is told something under such a name. */
function isTold(task: Resource, lists: readonly ('Environment' | 'Secrets')[], isMeant: (name: string) => boolean): boolean {
  return task.prop('ContainerDefinitions').items().some((container) => lists.some((list) => environmentOf(container, list).some(({ name }) => isMeant(name))));
}

/** Where a container names one of a secret's fields: behind the seven parts of the ARN. */
const FIELD = 7;

/** What a container is told as its DSN: in plain sight, or when its task starts and with the rights of that. Undefined where it has none yet. */
async function dsnOf(scene: KeepingScene, { executionRoleArn }: TaskDefinition, { environment = [], secrets = [] }: ContainerDefinition): Promise<string | undefined> {
  const shown = environment.find(({ name }) => name === SENTRY_DSN)?.value;
  const from = secrets.find(({ name }) => name === SENTRY_DSN)?.valueFrom;
  if (from === undefined) return shown === '' ? undefined : shown;
  if (!/^arn:[^:]*:secretsmanager:/.test(from)) throw new Error(`${SENTRY_DSN} comes from no secret of Secrets Manager, and nothing else is imitated.`);
  const value = await valueOf(await scene.as(executionRoleArn ?? ''), withoutField(from));
  const field = from.split(':')[FIELD] ?? '';
  return value === undefined || field === '' ? value : text(parsedLine(value)?.[field]);
}

/** The key in a DSN; what is none, as a value that was generated here, is one as a whole. */
const keyOf = (dsn: string): string => (URL.canParse(dsn) ? new URL(dsn).username : dsn);
const DSN = /\bhttps?:\/\/[^\s"'@/:]+@[^\s"'\\]+/g;

/** An event as SDKs send it (Sentry, "Envelopes"). */
const report = (sentry: TappedServer, dsn: string): Promise<number> => sentry.send({
  path: '/api/1/envelope/', headers: { 'x-sentry-auth': `Sentry sentry_version=7, sentry_key=${keyOf(dsn)}` }, body: '{}\n{"type":"event"}\n{"message":"drill"}\n',
});

const isInClear = (url: string): boolean => /^http:/i.test(url);

/** Writes into the project as the program does, and then with whatever DSN stands in what is deployed. */
async function reported(scene: KeepingScene, dsn: string): Promise<AttackResult> {
  const sentry = await startTapped(isInClear(dsn) ? undefined : await createPki(), ({ headers }) => (headers['x-sentry-auth']?.endsWith(`sentry_key=${keyOf(dsn)}`) ? 200 : 403));
  try {
    if (await report(sentry, dsn) !== 200) throw new Error('what the program itself reports does not arrive.');
    if (sentry.overheard().includes(keyOf(dsn))) return { verdict: 'succeeded', saw: 'Whoever is on the way to the error tracking reads the key along.' };
    const programs = [TASK_DEFINITION, FUNCTION].flatMap((type) => scene.graph.ofType(type));
    const texts = (await Promise.all(programs.map((program) => textsOf(scene, program)))).flat();
    for (const found of new Set(texts.flatMap((told) => told.text.match(DSN) ?? []))) {
      if (await report(sentry, found) === 200) return { verdict: 'succeeded', saw: 'Whoever may describe what is deployed has written into the error tracking.' };
    }
    scene.note(`${texts.length} texts were read, and each DSN in them was tried.`);
    return { verdict: 'withstood', saw: `The program's own report arrives, unread, and none of ${texts.length} texts lets anybody else write one.` };
  } finally {
    await sentry.stop();
  }
}

/** Sends a span as an exporter does to whom it is told, and looks at what went over the wire. */
async function exported(scene: KeepingScene, name: string, endpoint: string): Promise<AttackResult | undefined> {
  if (!URL.canParse(endpoint) || !/^https?:\/\//i.test(endpoint)) throw new Error(`${name} has no scheme by which an exporter would know how to speak.`);
  const { username, hostname } = new URL(endpoint);
  if (username !== '') return { verdict: 'succeeded', saw: `Whoever may describe the task reads the key in ${name}.` };
  if (isInClear(endpoint) && isSafeEndpoint(endpoint)) {
    scene.note(`${name} leads to ${hostname}, so that nothing leaves the task.`);
    return undefined;
  }
  const canary = randomBytes(16).toString('hex');
  const arrived: string[] = [];
  const collector = await startTapped(isInClear(endpoint) ? undefined : await createPki(), ({ body }) => {
    arrived.push(body);
    return 200;
  });
  try {
    const span = { traceId: randomBytes(16).toString('hex'), spanId: randomBytes(8).toString('hex'), name: canary };
    await collector.send({ path: '/v1/traces', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ resourceSpans: [{ scopeSpans: [{ spans: [span] }] }] }) });
    if (!arrived.some((body) => body.includes(canary))) throw new Error('the span did not arrive.');
    scene.note(`A span arrived at what stands for ${hostname}.`);
    return collector.overheard().includes(canary) ? { verdict: 'succeeded', saw: `What is sent to ${name} is read along by whoever is on the way.` } : undefined;
  } finally {
    await collector.stop();
  }
}

/** What a Core tells others of itself. */
export const OBSERVED_ATTACKS = [
  defineKeepingAttack('MON-4', 'error-tracking', {
    tries: 'Reports an error as the program does, to what stands for the error tracking, listens on the way, and reports others with each DSN that it finds by describing programs',
    expects: 'The program\'s own report arrives, nobody reads its key along, and nobody else has it. What the report says is the program\'s own affair.',
    evidence: 'template-intent',
    needs: `task definition that is told ${SENTRY_DSN}`,
    targets: (model) => resourcesIn(model, [TASK_DEFINITION], (task) => isTold(task, ['Environment', 'Secrets'], (name) => name === SENTRY_DSN)),
    run: async (target, scene) => {
      const task = await taskOf(scene, scene.now(target));
      let last: AttackResult = { verdict: 'withstood', saw: 'It has no DSN before somebody puts one.' };
      for (const container of task.containerDefinitions ?? []) {
        const dsn = await dsnOf(scene, task, container);
        if (dsn !== undefined) last = await reported(scene, dsn);
        if (last.verdict === 'succeeded') break;
      }
      return last;
    },
    saboteurs: [DSN_SHOWN],
  }),
  defineKeepingAttack('MON-5', 'telemetry', {
    tries: 'Sends a span to what stands for the collector, as an exporter does that is told what the container is told, and listens on the way',
    expects: 'The span arrives, and nobody reads it along: it goes by TLS, or does not leave the task. That a program heeds these variables as OpenTelemetry asks is taken for granted.',
    evidence: 'template-intent',
    needs: 'task definition that is told where traces go',
    targets: (model) => resourcesIn(model, [TASK_DEFINITION], (task) => isTold(task, ['Environment'], (name) => OTLP_ENDPOINT.test(name))),
    run: async (target, scene) => {
      const { containerDefinitions = [] } = await taskOf(scene, scene.now(target));
      const told = containerDefinitions.flatMap(({ environment = [] }) => environment).filter(({ name = '', value = '' }) => OTLP_ENDPOINT.test(name) && value !== '');
      for (const { name = '', value = '' } of told) {
        const found = await exported(scene, name, value);
        if (found) return found;
      }
      const names = [...new Set(told.map(({ name = '' }) => name))];
      return { verdict: 'withstood', saw: names.length === 0 ? 'Nothing is sent: every address is empty.' : `What is sent to ${listed(names, MAX_LISTED)} is read along by nobody.` };
    },
    saboteurs: [endpointsBecome(`http://${ELSEWHERE}`), endpointsBecome(`https://key@${ELSEWHERE}`)],
  }),
] as const;
