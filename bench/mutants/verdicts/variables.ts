import { equivalent } from './write';

const TASK = /ECS::TaskDefinition/;
/** The stack whose tasks all name a profile; the others. */
const PROFILED = /Profiles\/.*/;
const UNPROFILED = /(?!Profiles).*/;
/** Without the stacks whose programs have databases and keep assets, where it is found that they are not told how. */
const UNNAMED = /(?!MutualTls|Stores|Profiles|Workers|OwnKeys).*/;

const container = (path: string): RegExp => new RegExp(`ContainerDefinitions\\[\\w+\\]\\.${path}`);
const variables = (...names: readonly string[]): string => `Environment\\[(${names.join('|')})\\]`;

/** What programs of the documents are told, and what others are. */
export const VARIABLE_VERDICTS = [
  ...equivalent('the task names no profile, so no document says what its program does with the variable, or without it (docs/checks.md)',
    [TASK, container(`${variables('ENV', 'DEBUG', 'LOG_LEVEL')}(\\.(Name|Value))?`), /delete|remove|flip/, UNPROFILED],
    [TASK, container(`${variables('TGEFD_JWT_ALLOWED_ALGS')}(\\.Name)?`), /delete|remove/, UNPROFILED],
    [TASK, /ContainerDefinitions\[(?!Gate\])\w+\]\.Environment/, /delete/, UNNAMED],
    [TASK, /ContainerDefinitions\[(?!Gate\])\w+\]\.Secrets\[\w+\]/, /remove/, /(?!Profiles|Workers).*/], [TASK, /ContainerDefinitions\[(?!Gate\])\w+\]\.Secrets/, /delete/, /(?!Stores|Profiles|Workers).*/]),
  ...equivalent('the figure is another one that the document takes, and no caller has more by it',
    [TASK, container(`${variables('RATE_LIMIT_RPS', 'RATE_LIMIT_WINDOW_SEC', 'TGEFD_HEAVY_BURST_LIMIT', 'TGEFD_JWT_CLOCK_SKEW_SEC')}\\.Value`), /over 10/, PROFILED]),
  ...equivalent('the program finds nobody at the other port, or at no address', [TASK, container(`${variables('POSTGRES_PORT', 'MEMCACHE_PORT')}\\.Value`), /over 10/, PROFILED],
    [TASK, container(`${variables('REDIS_HOST')}\\.Value`), /delete/, PROFILED]),
  ...equivalent('what the document says the program takes instead is the same, or opens less; and ECS refuses a variable without a name',
    [TASK, container(`${variables('TGEFD_JWT_(HEADER|BEARER_PREFIX|SUB_CLAIM|CLOCK_SKEW_SEC|SCOPES_CLAIM)', 'TGEFD_ROLES_CLAIM', 'TGEFD_ROLE_(ANALYST|READER)_SCOPES')}(\\.Name)?`), /delete|remove/, PROFILED]),
  ...equivalent('the program does without the provider, or tells nobody of its errors', [TASK, container('Secrets\\[([A-Z]+_API_KEY|HF_TOKEN|REPLICATE_API_TOKEN|SENTRY_DSN)\\]'), /remove/, PROFILED]),
  ...equivalent('it has none', [TASK, container('Secrets'), /delete/, /Profiles\/tgefd/]),
  ...equivalent('nothing runs, or the task may do less: the service refuses a task that has logs or secrets and nobody to fetch them', [TASK, /Properties|ExecutionRoleArn/, /drop|delete/, PROFILED],
    [TASK, /TaskRoleArn/, /delete/, /Profiles\/(?!nodetool).*/]),
  ...equivalent('who looks for the address of the Core by the name does not find it, and calls nobody', [/SSM::Parameter/, /Name|Description|Type/, /delete|=StringList/, /RemoteCore\/.*/]),
];
