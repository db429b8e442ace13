import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { NO_COLORS } from '../../src/cli/colors';
import { cors, type CorsOptions } from '../../src/cli/cors';
import type { DeployedTask } from '../../src/cli/deployed/aws';
import type { StackResource } from '../../src/cli/lockdown/aws';
import { deployedConfiguration, gateTask, SERVICE } from '../support/fake-deployed';

let folder: string;
beforeAll(() => { folder = fs.mkdtempSync(path.join(os.tmpdir(), 'cors-')); });
afterAll(() => fs.rmSync(folder, { recursive: true, force: true }));

const [APP, ADMIN, OLD] = ['https://app.acme.com', 'https://admin.acme.com', 'https://old.acme.com'];
const withOrigins = (...origins: string[]): unknown => deployedConfiguration({ cors: { origins, credentials: false, headers: [], maxAgeSeconds: 60 } });

function template(value: unknown): string {
  const file = path.join(folder, `${fs.readdirSync(folder).length}.json`);
  const definitions = [{ Name: 'Core' }, { Name: 'Gate', Environment: [{ Name: 'OTHER', Value: 'x' }, { Name: 'GATE_CONFIGURATION', Value: value }] }];
  fs.writeFileSync(file, JSON.stringify({ Resources: { Task: { Type: 'AWS::ECS::TaskDefinition', Properties: { ContainerDefinitions: definitions } } } }));
  return file;
}

interface Shown {
  readonly done: boolean;
  readonly printed: string[];
}

async function run(task: DeployedTask | undefined, location?: string, options: CorsOptions = {}, resources: StackResource[] | undefined = [SERVICE]): Promise<Shown> {
  const printed: string[] = [];
  const aws = { resourcesOf: () => Promise.resolve(resources), taskOf: () => Promise.resolve(task) };
  return { done: await cors('Core', location, options, { aws, paint: NO_COLORS, print: (line) => printed.push(line) }), printed };
}

describe('the origins of a deployed gate', () => {
  test('are shown as its tasks are told them', async () => {
    expect(await run(gateTask(withOrigins(APP, ADMIN)))).toEqual({ done: true, printed: ['Core/Service: pages of 2 origins may call', `  ${APP}`, `  ${ADMIN}`] });
    expect(await run(gateTask())).toEqual({ done: true, printed: ['Core/Service: no page of another origin may call'] });
  });

  test('are compared with a template: what goes, what comes, and whether anything does', async () => {
    expect(await run(gateTask(withOrigins(APP, OLD)), template(JSON.stringify(withOrigins(APP, ADMIN))))).toEqual({
      done: false, printed: ['Core/Service: pages of 2 origins may call', `  ${APP}`, `- ${OLD}`, `+ ${ADMIN}`],
    });
    const same = await run(gateTask(withOrigins(APP)), template(JSON.stringify(withOrigins(APP))));
    expect(same).toEqual({ done: true, printed: ['Core/Service: pages of 1 origin may call', `  ${APP}`, '  The template changes none.'] });
  });

  test('are compared where only a deployment knows the rest', async () => {
    const [before, behind] = JSON.stringify(withOrigins(APP)).split('gate-table');
    const joined = template({ 'Fn::Join': ['', [before, { Ref: 'Table' }, behind]] });
    expect(await run(gateTask(withOrigins(APP)), joined)).toMatchObject({ done: true });
  });

  test('may be others still while a roll-out is under way', async () => {
    const { done, printed } = await run(gateTask(withOrigins(APP), { isRollingOut: true }));
    expect([done, printed.at(-1)]).toEqual([false, expect.stringContaining('A roll-out is under way')]);
  });

  test('are data for a program', async () => {
    const { printed } = await run(gateTask(withOrigins(APP, OLD)), template(JSON.stringify(withOrigins(APP))), { json: true });
    expect(JSON.parse(printed.join('\n'))).toEqual([{ gate: 'Core/Service', isRollingOut: false, origins: [APP, OLD], credentials: false, added: [], removed: [OLD] }]);
  });

  test.each<[string, () => Promise<unknown>, RegExp]>([
    ['no stack', () => cors('Core', undefined, {}, { aws: { resourcesOf: () => Promise.resolve(undefined), taskOf: () => Promise.reject(new Error('asked')) }, paint: NO_COLORS, print: () => undefined }), /There is no stack Core/],
    ['no gate', () => run(gateTask(undefined, { containers: [] })), /Stack Core has no gate/],
    ['a service that is gone', () => run(undefined), /Stack Core has no gate/],
    ['a configuration of another version', () => run(gateTask('{"version":2}')), /cannot read .*use the version of cdk-secure-core/],
    ['a template without a gate', () => run(gateTask(), template(undefined)), /cannot be read before it is deployed/],
    ['a template whose gate is told at deployment', () => run(gateTask(), template({ Ref: 'Parameter' })), /cannot be read before it is deployed/],
  ])('are not guessed where there is %s', async (_, act, message) => {
    await expect(act()).rejects.toThrow(message);
  });
});
