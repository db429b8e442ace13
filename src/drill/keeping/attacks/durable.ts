import { randomUUID } from 'node:crypto';
import { Client } from 'pg';
import type { Resource } from '../../../checks/template/resource';
import { defineKeepingAttack, resourcesIn } from '../attack';
import { textsOf } from '../reading';
import { DATABASE_IN_TASK } from '../saboteurs';
import type { KeepingScene } from '../scene';
import { DATABASE, TASK_DEFINITION } from '../types';
import { parametersOf } from './stores';

/** What programs are told of their database by (NT-40, TG-09). */
const NAMES = /^(POSTGRES_HOST|POSTGRES_URL|PGHOST|DATABASE_URL|DB_(PATH|URL|HOST))$/;
/** A file, or the task itself: gone when the task is. */
const INSIDE = /^(sqlite|file):|\.(db|sqlite3?)$|^\/|(^|@|\/\/)(localhost|127\.\d+\.\d+\.\d+|\[?::1\]?)([:/]|$)/i;

export const DURABLE_ATTACKS = [
  defineKeepingAttack('DAT-1', 'lost-with-task', {
    tries: 'Lets a task write where its variables say that its database is, ends the task, and reads from another one',
    expects: 'What was written is there.',
    evidence: 'template-intent',
    needs: 'task definition that is told of a database in plain variables',
    targets: (model) => resourcesIn(model, [TASK_DEFINITION], namesDatabase),
    run: async (target, scene) => {
      const texts = (await textsOf(scene, scene.now(target))).filter(({ name }) => NAMES.test(name));
      const inside = texts.find(({ text }) => INSIDE.test(text));
      if (inside) return { verdict: 'succeeded', saw: `${inside.name} says that the database is in the task, and ends with it.` };
      const [database] = scene.graph.ofType(DATABASE).filter((candidate) => texts.some(({ text }) => isAt(scene, candidate, text)));
      if (!database) return { verdict: 'withstood', saw: `The ${texts.length} addresses lead out of the task.` };
      const written = randomUUID();
      await asTask(scene, database, async (client) => {
        await client.query('CREATE TABLE IF NOT EXISTS drill (value text)');
        await client.query('INSERT INTO drill VALUES ($1)', [written]);
      });
      const found = await asTask(scene, database, async (client) => (await client.query('SELECT 1 FROM drill WHERE value = $1', [written])).rowCount);
      return found === 1 ? { verdict: 'withstood', saw: 'Another task reads what was written.' } : { verdict: 'succeeded', saw: 'What was written is gone.' };
    },
    saboteurs: [DATABASE_IN_TASK],
  }),
] as const;

function namesDatabase(task: Resource): boolean {
  return task.prop('ContainerDefinitions').items().some((container) => container.get('Environment').items().some((entry) => NAMES.test(entry.get('Name').text() ?? '')));
}

function isAt(scene: KeepingScene, database: Resource, text: string): boolean {
  const address = scene.id(database, 'Endpoint.Address');
  return address !== undefined && text.includes(address);
}

async function asTask<T>(scene: KeepingScene, database: Resource, work: (client: Client) => Promise<T>): Promise<T> {
  const { host, port, dbname, caPem, admin } = await scene.stores.postgres(parametersOf(scene, database), database.template.name);
  const client = new Client({ host, port, database: dbname, user: admin.username, password: admin.password, ssl: { ca: caPem } });
  client.on('error', () => undefined);
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}
