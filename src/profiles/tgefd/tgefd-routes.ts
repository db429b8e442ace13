import type { IConstruct } from 'constructs';
import { Access } from '../../gate/access';
import type { Route } from '../../ingress/route';
import { invalidProp } from '../../invalid-prop';
import type { TgefdProof } from './tgefd-auth';
import type { TgefdRoutes } from './tgefd-props';
import { TgefdScope } from './tgefd-scope';

/** What costs TGEFD much, and takes long texts (TG-54). */
const HEAVY: readonly TgefdScope[] = [TgefdScope.DISCOVER, TgefdScope.EVALUATE];

/** Every path with the scope and the budget of its operation (TG-31). */
export function tgefdRoutes(scope: IConstruct, { spelled }: Pick<TgefdProof, 'spelled'>, routes: TgefdRoutes): Route[] {
  const all = Object.values(TgefdScope).flatMap((operation) => {
    const prop = `profile.routes.${operation}`;
    // For those whose compiler does not tell them.
    const given = routes[operation] as Route[] | undefined;
    if (!given) throw invalidProp(scope, prop, given, `Name the paths of this operation, such as [Route.post('/v1/${operation}')]; none are [].`);
    const heavy = HEAVY.includes(operation);
    return given.map((route, index) => {
      for (const option of ['access', 'heavy'] as const) {
        if (route._options[option] === undefined) continue;
        throw invalidProp(scope, `${prop}[${index}].${option}`, 'given', `Take it out: the operation says it, ${heavy ? 'heavy' : 'light'} and for scope ${operation}.`);
      }
      return route._with({ access: Access.scope(spelled(operation)), heavy, promptSized: route._options.promptSized ?? heavy });
    });
  });
  if (all.length === 0) throw invalidProp(scope, 'profile.routes', routes, 'Name a path of one operation at least: every request would be answered 404.');
  return all;
}
