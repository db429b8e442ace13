import type { Json, JsonMap } from '../../checks/template/template';
import { changed, omit } from '../saboteurs';
import { statementsAltered } from './saboteurs';

/** Alters every statement that lets somebody do one thing. */
function allowanceAltered(name: string, action: string, alter: (statement: JsonMap) => JsonMap): ReturnType<typeof statementsAltered> {
  const isAbout = ({ Effect, Action }: JsonMap): boolean => Effect === 'Allow' && (Array.isArray(Action) ? (Action as readonly Json[]) : [Action]).includes(action);
  return statementsAltered(name, (statements) => changed(statements, (statement) => (isAbout(statement) ? alter(statement) : undefined)));
}

export const EVERY_FAMILY = allowanceAltered('ecs:RunTask is for every family', 'ecs:RunTask', (statement) => ({ ...statement, Resource: '*' }));
export const EVERY_CLUSTER = allowanceAltered('ecs:StopTask is for every cluster', 'ecs:StopTask', (statement) => ({ ...omit(statement, 'Condition'), Resource: '*' }));
export const EVERY_ROLE = allowanceAltered('iam:PassRole is for every role', 'iam:PassRole', (statement) => ({ ...statement, Resource: '*' }));
export const EVERY_SERVICE = allowanceAltered('iam:PassRole is for every service', 'iam:PassRole', (statement) => omit(statement, 'Condition'));
