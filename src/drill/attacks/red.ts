import type { Attack } from '../attack';
import { attributeSaboteur } from '../saboteurs';
import { defineReflection } from './hdr';
import { forwardsIn } from './targets';

const SERVER_ATTRIBUTE = 'routing.http.response.server.enabled';

const serverHeader = defineReflection('RED-3', {
  aspect: 'server-header',
  header: 'server',
  expects: 'None of them names the software that made it. AWS speaks of "the HTTP response server header"; that this is the Core\'s too is our reading.',
  needs: `listener that promises so (${SERVER_ATTRIBUTE} = false)`,
  targets: (edge) => forwardsIn(edge).filter(({ listener }) => !listener.serverHeader),
  careless: 'careless-core/1.0',
  holds: (value) => value === undefined,
  saboteurs: [attributeSaboteur(SERVER_ATTRIBUTE), attributeSaboteur(SERVER_ATTRIBUTE, 'true')],
});

export const RED_ATTACKS: readonly Attack[] = [serverHeader];
