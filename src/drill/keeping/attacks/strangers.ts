import type { ConnectionOptions } from 'node:tls';
import { Client } from 'pg';
import type { Resource } from '../../../checks/template/resource';
import { codeOf } from '../../message-of';
import { defineKeepingAttack, resourcesIn } from '../attack';
import { textsOf } from '../reading';
import { NAME_UNVERIFIED, SERVER_UNVERIFIED } from '../saboteurs';
import { TASK_DEFINITION } from '../types';

/** How careful a client is to be; libpq reads the first by itself (PostgreSQL documentation, "Environment Variables"). */
const MODES = ['PGSSLMODE', 'POSTGRES_SSLMODE'];
/** Of libpq, where nobody says anything (documentation, "Database Connection Control Functions"). */
const DEFAULT_MODE = 'prefer';
/** What the client believes to have dialled; no certificate of the drill is good for it. */
const OTHER_NAME = 'database.invalid';

/** What libpq looks at in each mode (documentation, "SSL Support", table "SSL Mode Descriptions"). */
function lookedAt(mode: string, ca: string, servername?: string): ConnectionOptions {
  switch (mode) {
    case 'verify-full': return { ca, servername };
    case 'verify-ca': return { ca, checkServerIdentity: () => undefined };
    default: return { rejectUnauthorized: false };
  }
}

export const STRANGER_ATTACKS = [
  defineKeepingAttack('DAT-2', 'stranger', {
    tries: 'Stands where the database was, with a certificate of an authority that the client does not know, and with a good one for another name; the client is as careful as its variables say',
    expects: 'It hangs up before it logs in.',
    evidence: 'template-intent',
    needs: `task definition that is told ${MODES.join(' or ')}, or POSTGRES_HOST`,
    targets: (model) => resourcesIn(model, [TASK_DEFINITION], isToldOfPostgres),
    run: async (target, scene) => {
      const texts = await textsOf(scene, scene.now(target));
      const mode = MODES.map((name) => texts.find((text) => text.name === name)?.text).find((text) => text !== undefined) ?? DEFAULT_MODE;
      const [server, stranger] = await Promise.all([scene.stores.postgres({ 'rds.force_ssl': '1' }), scene.stores.stranger()]);
      scene.note(`The client is told sslmode ${mode}; the server is ${server.engine}.`);
      const logsIn = async (ssl: ConnectionOptions): Promise<boolean> => {
        const client = new Client({ host: server.host, port: server.port, database: server.dbname, user: server.admin.username, password: server.admin.password, ssl });
        client.on('error', () => undefined);
        try {
          await client.connect();
          return true;
        } catch (error) {
          scene.note(`It hangs up: ${codeOf(error)}`);
          if (isAboutCertificate(codeOf(error))) return false;
          throw error;
        } finally {
          await client.end();
        }
      };
      if (!await logsIn(lookedAt(mode, server.caPem))) throw new Error('the client does not log in to its own database either.');
      if (await logsIn(lookedAt(mode, stranger))) return { verdict: 'succeeded', saw: 'It logs in to a server that nobody vouches for.' };
      if (await logsIn(lookedAt(mode, server.caPem, OTHER_NAME))) return { verdict: 'succeeded', saw: 'It logs in to a server of another name.' };
      return { verdict: 'withstood', saw: 'It hangs up on both.' };
    },
    saboteurs: [SERVER_UNVERIFIED, NAME_UNVERIFIED],
  }),
] as const;

/** OpenSSL's words for a chain that leads nowhere, and those of Node.js for another name. */
function isAboutCertificate(code: string): boolean {
  return /CERT|SELF_SIGNED|UNABLE_TO_/.test(code);
}

function isToldOfPostgres(task: Resource): boolean {
  return task.prop('ContainerDefinitions').items().some((container) => container.get('Environment').items().some((entry) => [...MODES, 'POSTGRES_HOST'].includes(entry.get('Name').text() ?? '')));
}
