import { Duration, Stack, Token } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { checkKind, checkKinds, having, instance, type Kinds, list, options, text } from '../check-kinds';
import { invalidProp } from '../invalid-prop';
import { Rotation } from '../secrets/rotation';
import { checkedSeconds } from './bounded-seconds';
import type { WorkerKeyOptions } from './broker-phase';
import { DEFAULTS, type OwnKeysConfiguration } from './contract';
import { WorkerJoin, type TaskWorkers } from './worker-join';

/** So that a hyphen and the 32 digits of a task's id fit into a worker's id. */
const PREFIX = /^[A-Za-z0-9][A-Za-z0-9._-]{0,30}$/;

const PREFIX_TEXT = text('Name what the ids of these workers begin with.');

const JOINS = 'Name WorkerJoin.token(), WorkerJoin.task() or both, each once: whoever cannot join has no key.';
const JOIN = instance(WorkerJoin, JOINS);
const KINDS: Kinds<WorkerKeyOptions> = { joins: list(JOINS), rotation: instance(Rotation, 'Name Rotation.every(…), or leave it out.') };
const TOKEN = options('Name options of tokens, such as { life }, or leave them out.');
const TASK = options('Name tasks that may join, such as { role, prefix }.');
const ROLE = having('roleName', 'Name the role that these tasks act as.');

/** What the ids of the workers of a pool, or of other tasks, begin with. */
export function checkPrefix(scope: Construct, prop: string, prefix: string): void {
  checkKind(scope, prop, prefix, PREFIX_TEXT);
  if (Token.isUnresolved(prefix) || !PREFIX.test(prefix)) throw invalidProp(scope, prop, prefix, 'Begin with a letter or digit, and use letters, digits and . _ - only, 31 at most.');
}

function lifeOf(broker: Construct, { _token: given }: WorkerJoin): Duration | undefined {
  checkKind(broker, 'phase.joins.token', given, TOKEN);
  return given?.life;
}

/** How workers come by keys of their own, and which tasks may. */
export class OwnKeys {
  private readonly keyLifeSeconds: number;
  private readonly tokenSeconds?: number;
  private readonly tasks?: TaskWorkers[];

  public constructor(private readonly broker: Construct, asked: WorkerKeyOptions) {
    checkKinds(broker, asked, KINDS, 'phase.');
    const { joins = [WorkerJoin.token()], keyLife = Duration.seconds(DEFAULTS.keyLifeSeconds) } = asked;
    for (const [index, join] of joins.entries()) checkKind(broker, `phase.joins[${index}]`, join, JOIN);
    // A key outlives one renewal of its master at most: no Rotation is of less than a day.
    this.keyLifeSeconds = checkedSeconds(broker, 'phase.keyLife', keyLife, 'keyLifeSeconds');
    const kinds = joins.map(({ _kind }) => _kind);
    if (kinds.length === 0 || new Set(kinds).size < kinds.length) throw invalidProp(broker, 'phase.joins', kinds, JOINS);
    const token = joins.find(({ _kind }) => _kind === 'token');
    if (token) this.tokenSeconds = checkedSeconds(broker, 'phase.joins.token.life', lifeOf(broker, token) ?? Duration.seconds(DEFAULTS.tokenSeconds), 'tokenSeconds');
    const task = joins.find(({ _kind }) => _kind === 'task');
    if (!task) return;
    this.tasks = [];
    broker.node.addValidation({
      validate: () => (this.tasks?.length === 0 ? ['has WorkerJoin.task() among its joins, and no task that could. Build a WorkerPool, name other tasks, or leave it out.'] : []),
    });
    for (const [index, workers] of task._workers.entries()) this.letJoin(workers, `phase.joins.task[${index}]`);
  }

  /** Whether tasks join by their identity. */
  public get takesTasks(): boolean {
    return this.tasks !== undefined;
  }

  /** Lets tasks join that act as a role. */
  public letJoin(workers: TaskWorkers, prop: string): void {
    const { broker, tasks = [] } = this;
    checkKind(broker, prop, workers, TASK);
    checkKind(broker, `${prop}.role`, workers.role, ROLE);
    const { role, prefix } = workers;
    checkPrefix(broker, `${prop}.prefix`, prefix);
    const { account } = Stack.of(broker);
    if (!Token.isUnresolved(account) && !Token.isUnresolved(role.env.account) && role.env.account !== account) {
      throw invalidProp(broker, `${prop}.role`, `of account ${role.env.account}`, 'Name a role of the broker\'s own account: names of another one\'s are not told from its own.');
    }
    const other = tasks.find((known) => known.prefix === prefix || known.role.roleName === role.roleName);
    if (other) throw invalidProp(broker, `${prop}.prefix`, prefix, 'Another one has this prefix or this role: give each pool both of its own, or their workers could pass for each other.');
    tasks.push(workers);
  }

  public configuration(): Omit<OwnKeysConfiguration, 'ring'> {
    const { keyLifeSeconds, tokenSeconds, tasks, broker } = this;
    return {
      keyLifeSeconds,
      ...(tokenSeconds !== undefined && { tokenSeconds }),
      ...(tasks && { tasks: { account: Stack.of(broker).account, roles: tasks.map(({ role, prefix }) => ({ name: role.roleName, prefix })) } }),
    };
  }

  /** Nobody has to be let ask AWS STS who he is; the statement has the way to STS opened (`IPrivateNetwork.allowToAwsServices`). */
  public statements(): iam.PolicyStatement[] {
    return this.tasks ? [new iam.PolicyStatement({ sid: 'WhoATaskIs', actions: ['sts:GetCallerIdentity'], resources: ['*'] })] : [];
  }
}
