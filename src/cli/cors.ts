import type { Paint } from '../report/paint';
import { templateOrigins } from './cors/template-origins';
import type { DeployedAws } from './deployed/aws';
import { findGates } from './deployed/gates';
import { readInput } from './inputs';
import { UsageError } from './usage-error';

export interface CorsOptions {
  readonly json?: boolean;
}

/** What a run needs of the world. */
export interface CorsWorld {
  readonly aws: DeployedAws;
  readonly paint: Paint;
  readonly print: (line: string) => void;
}

/**
 * Shows the origins whose pages may call each deployed gate, and how a template would change them (CX-71).
 *
 * @param location a template or a cloud assembly to compare with
 * @returns false where a template would change them, or a roll-out is under way
 */
export async function cors(stack: string, location: string | undefined, { json }: CorsOptions, { aws, paint, print }: CorsWorld): Promise<boolean> {
  const planned = location === undefined ? undefined : plannedOrigins(location);
  const gates = (await findGates(aws, stack)).map(({ path, isRollingOut, configuration }) => {
    const origins = configuration.cors?.origins ?? [];
    return {
      gate: path, isRollingOut, origins, credentials: configuration.cors?.credentials ?? false,
      ...(planned && { added: planned.filter((one) => !origins.includes(one)), removed: origins.filter((one) => !planned.includes(one)) }),
    };
  });
  if (json === true) {
    print(JSON.stringify(gates, undefined, 2));
  } else {
    for (const { gate, isRollingOut, origins, credentials, added = [], removed = [] } of gates) {
      const whose = `pages of ${origins.length} ${origins.length === 1 ? 'origin' : 'origins'} may call${credentials ? ', with cookies' : ''}`;
      print(`${gate}: ${origins.length === 0 ? 'no page of another origin may call' : whose}`);
      for (const origin of origins) print(removed.includes(origin) ? paint.red(`- ${origin}`) : `  ${origin}`);
      for (const origin of added) print(paint.green(`+ ${origin}`));
      if (planned && added.length + removed.length === 0) print('  The template changes none.');
      if (isRollingOut) print(paint.yellow('  A roll-out is under way: tasks of an earlier definition may still answer others.'));
    }
  }
  return gates.every(({ isRollingOut, added = [], removed = [] }) => !isRollingOut && added.length + removed.length === 0);
}

function plannedOrigins(location: string): readonly string[] {
  const found = readInput(location).templates.flatMap(templateOrigins);
  if (found.length === 0) throw new UsageError(`${location} has no gate: there are no origins to compare with.`);
  const origins = found.map((one) => {
    if (one === undefined) throw new UsageError(`${location}: what the gate is told cannot be read before it is deployed.`);
    return one;
  });
  const [first = [], ...others] = origins;
  if (others.some((one) => [...one].sort().join() !== [...first].sort().join())) {
    throw new UsageError(`${location} has several gates with different origins: compare a template with one gate at a time.`);
  }
  return first;
}
