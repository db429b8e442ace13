import { randomUUID } from 'node:crypto';
import { DescribeSecretCommand, PutSecretValueCommand, RotateSecretCommand, UpdateSecretVersionStageCommand } from '@aws-sdk/client-secrets-manager';
import type { Resource } from '../../../checks/template/resource';
import type { TemplateGraph } from '../../../checks/template/template-graph';
import { type RotationConfiguration, ROTATION_VARIABLE } from '../../../secrets/contract';
import type { AttackResult } from '../../attack';
import { defineKeepingAttack, type KeepingAttack, resourcesIn } from '../attack';
import { secretArn, valueOf } from '../reading';
import { NEVER_ROTATED } from '../saboteurs';
import type { KeepingScene } from '../scene';
import { FUNCTION, ROTATION_SCHEDULE, SECRET } from '../types';
import { type OpenVerifier, postgresVerifier, redisVerifier, ringVerifier } from '../verifiers';

const STEPS = ['createSecret', 'setSecret', 'testSecret', 'finishSecret'];
/** A ring is retired twice at the most: the value that leaves the old one out, and the label. */
const RETIREMENTS = 4;

/** Who rotates a secret, by the schedule that points at it. */
function rotatorOf(graph: TemplateGraph, secret: Resource): Resource | undefined {
  const [schedule] = graph.pointingAt(secret, ROTATION_SCHEDULE, 'SecretId');
  return schedule && graph.ofType(FUNCTION).find((fn) => graph.pointingAt(fn, ROTATION_SCHEDULE, 'RotationLambdaARN').includes(schedule));
}

/** By the configuration of who rotates it. */
function isOfKind(graph: TemplateGraph, secret: Resource, kind: RotationConfiguration['kind']): boolean {
  return rotatorOf(graph, secret)?.prop('Environment.Variables').get(ROTATION_VARIABLE).partialText().text.includes(`"kind":"${kind}"`) ?? false;
}

/** The old value against the new one: shown to a verifier before, during and after a rotation by the secret's own function. */
async function shownBefore(scene: KeepingScene, secret: Resource, open: OpenVerifier): Promise<AttackResult> {
  const rotator = rotatorOf(scene.graph, secret);
  if (rotator === undefined) return { verdict: 'succeeded', saw: 'Nothing ever rotates it, so the value opens everything for ever.' };
  const SecretId = secretArn(scene, secret);
  const current = async (): Promise<string> => await valueOf(scene.aws, SecretId) ?? '';
  const verifier = await open(scene, SecretId, rotator);
  const run: Run = async (event) => (await scene.invoke(rotator, event, verifier.instead)).answer;
  try {
    await turnOn(scene, SecretId, scene.id(rotator, 'Arn'));
    await run({});
    await retired(scene, run, SecretId);
    const leaked = await current();
    if (!await verifier.letsIn(leaked, leaked)) throw new Error('the value opens nothing after its deployment.');
    await rotated(scene, run, SecretId);
    if (!await verifier.letsIn(leaked, await current())) return { verdict: 'succeeded', saw: 'Whoever still uses the old value is shut out before anybody has told him the new one.' };
    await retired(scene, run, SecretId);
    const renewed = await current();
    if (renewed === leaked || !await verifier.letsIn(renewed, renewed)) throw new Error('the new value opens nothing.');
    return await verifier.letsIn(leaked, renewed)
      ? { verdict: 'succeeded', saw: 'It still opens what it did.' } : { verdict: 'withstood', saw: 'It is let in during the rotation, and not after it; the new one is.' };
  } finally {
    await verifier.stop();
  }
}

const TRIES = 'Keeps a value that leaked, and uses it after the secret has been rotated by its own function and the old value retired';

function oldValue(aspect: string, kind: RotationConfiguration['kind'], more: { readonly on: string; readonly needs: string; readonly open: OpenVerifier }): KeepingAttack {
  return defineKeepingAttack('SEC-3', aspect, {
    tries: `${TRIES}: ${more.on}`,
    expects: 'It opens nothing any more, while the new one does.',
    evidence: 'real-artefact',
    needs: more.needs,
    targets: (model) => resourcesIn(model, [SECRET], (secret) => isOfKind(model.graph, secret, kind)),
    run: (target, scene) => shownBefore(scene, scene.now(target), more.open),
    saboteurs: [NEVER_ROTATED],
  });
}

export const ROTATION_ATTACKS = [
  oldValue('old-value', 'ring', { on: 'it is shown to a verifier', needs: 'secret that a ring of keys is rotated in', open: ringVerifier }),
  oldValue('old-redis-password', 'redis-user', { on: 'it logs in to a real Redis with the users of the template', needs: 'password of a Redis user that is rotated', open: redisVerifier }),
  defineKeepingAttack('INC-5', 'rotated-now', {
    tries: 'Has a password that leaked rotated at once, out of turn, by the secret\'s own function, and logs in with it after the old value was retired.',
    expects: 'It opens nothing any more, while the new one does: nobody has to wait for a schedule.',
    evidence: 'real-artefact',
    needs: 'password of a Redis user that is rotated',
    targets: (model) => resourcesIn(model, [SECRET], (secret) => isOfKind(model.graph, secret, 'redis-user')),
    run: (target, scene) => shownBefore(scene, scene.now(target), redisVerifier),
    saboteurs: [NEVER_ROTATED],
  }),
  oldValue('old-postgres-login', 'postgres-user', { on: 'it logs in to a real PostgreSQL', needs: 'login of a PostgreSQL role that is rotated', open: postgresVerifier }),
] as const;

type Run = (event: unknown) => Promise<unknown>;

/** As the schedule does. The engine answers by a rotation that keeps the value, which is made to look as if it had not been. */
async function turnOn(scene: KeepingScene, SecretId: string, RotationLambdaARN: string | undefined): Promise<void> {
  await scene.aws.secrets.send(new RotateSecretCommand({ SecretId, RotationLambdaARN, RotationRules: { AutomaticallyAfterDays: 1 } }));
  await unlabel(scene, SecretId, 'AWSPREVIOUS');
}

/** Takes a label off every version that has it. */
async function unlabel(scene: KeepingScene, SecretId: string, VersionStage: string): Promise<void> {
  const { VersionIdsToStages: versions = {} } = await scene.aws.secrets.send(new DescribeSecretCommand({ SecretId }));
  for (const RemoveFromVersionId of Object.keys(versions).filter((id) => versions[id]?.includes(VersionStage))) {
    await scene.aws.secrets.send(new UpdateSecretVersionStageCommand({ SecretId, VersionStage, RemoveFromVersionId }));
  }
}

/** As Secrets Manager does: an empty version under AWSPENDING, and four calls. */
async function rotated(scene: KeepingScene, run: Run, SecretId: string): Promise<void> {
  const ClientRequestToken = randomUUID();
  // A rotation leaves the label on what it made current, and a new version takes it over (API, PutSecretValue); the engine would leave it on both.
  await unlabel(scene, SecretId, 'AWSPENDING');
  // The engine takes no version without a value; one that is no text reads as if it had none.
  await scene.aws.secrets.send(new PutSecretValueCommand({ SecretId, ClientRequestToken, SecretBinary: Buffer.from([0]), VersionStages: ['AWSPENDING'] }));
  for (const Step of STEPS) {
    scene.note(`Secrets Manager calls the function: ${Step}`);
    await run({ Step, SecretId, ClientRequestToken });
  }
}

async function retired(scene: KeepingScene, run: Run, arn: string): Promise<void> {
  for (let left = RETIREMENTS; left > 0; left -= 1) {
    const answer = await run({ retire: { secretArn: arn } });
    const outcome = typeof answer === 'object' && answer !== null && 'outcome' in answer ? String(answer.outcome) : '';
    scene.note(`The old value is to be retired: ${outcome}`);
    if (outcome === 'nothing') return;
  }
  throw new Error('the old value is never retired.');
}
