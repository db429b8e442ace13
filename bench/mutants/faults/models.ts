import type { Json, JsonMap } from '../../../src/checks/template/template';
import type { JsonPath } from '../json';
import { become, each, type Fault } from './fault';

const ECS = 'arn:aws:ecs:eu-central-1:111122223333:';
const IAM = 'arn:aws:iam::111122223333:role/';

const startsModels = ({ PolicyDocument }: JsonMap): boolean => JSON.stringify(PolicyDocument ?? null).includes('"ecs:RunTask"');

/** What whoever starts models may do besides. The statements are about starting, stopping and handing a role on. */
const models = (name: string, path: JsonPath, change: (old: Json | undefined) => Json): Fault =>
  ({ name: `models: ${name}`, control: 'CTR-7', type: 'AWS::IAM::Policy', when: startsModels, path: ['PolicyDocument', 'Statement', ...path], change });

const allow = (Action: string, Resource: string): Json => ({ Effect: 'Allow', Action, Resource });
const starts = (...resources: readonly string[]): ((old: Json | undefined) => Json) => become([...resources]);

/** Rights of a program that starts others, which are those of everything in the account where they are wide (CX-59, NT-83). */
export const MODEL_FAULTS: readonly Fault[] = [
  models('every family', [0, 'Resource'], starts(`${ECS}task-definition/*`)),
  models('families by their beginning', [0, 'Resource'], starts(`${ECS}task-definition/production-*`)),
  models('families of all regions', [0, 'Resource'], starts('arn:aws:ecs:*:*:*')),
  models('a family of its own making', [0], become(allow('ecs:RegisterTaskDefinition', '*'))),
  models('tasks of every cluster', [1], become(allow('ecs:StopTask', `${ECS}task/*`))),
  models('services of every cluster', [1], become(allow('ecs:UpdateService', '*'))),
  models('a shell in every container', [1], become(allow('ecs:ExecuteCommand', '*'))),
  models('roles by their beginning', [2, 'Resource'], become(`${IAM}model*`)),
  ...each(['*', 'lambda.amazonaws.com', 'ec2.amazonaws.com'], (service) => models(`roles for ${service} as well`, [2, 'Condition'],
    become({ StringLike: { 'iam:PassedToService': ['ecs-tasks.amazonaws.com', service] } }))),
  models('roles for all services but one', [2, 'Condition'], become({ StringNotEquals: { 'iam:PassedToService': 'lambda.amazonaws.com' } })),
];
