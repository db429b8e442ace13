import type { RolledSecret } from '../../../src/secrets/contract';
import type { Retiring, RolledSecrets, RolledServices, ServiceState } from '../../../src/runtime/rollout/ports';

/** The clock of ECS is ahead by so much of that of Secrets Manager, which tells the time here. */
const ECS_AHEAD_MS = 10_000;
/** For so long after a change somebody may still be told the old value. */
const LAG_MS = 10_000;
/** Between two things that happen. */
const TICK_MS = 1000;

interface SimulatedSecret {
  readonly arn: string;
  /** A ring is retired by a new version that leaves the old value out. */
  readonly isRing: boolean;
  readonly services: readonly string[];
  current: number;
  previous?: number;
  changedAt: number;
  /** What is let in. */
  accepted: number[];
  changes: number;
  /** Whether the current one leaves the old one out already. */
  isReplaced: boolean;
}

interface SimulatedTask {
  readonly deployment: number;
  createdAt?: number;
  /** What it was told, by the secret; nothing before it was. */
  told?: ReadonlyMap<string, number>;
  isStopping: boolean;
}

interface SimulatedDeployment {
  readonly id: number;
  readonly createdAt: number;
  state: 'in-progress' | 'completed' | 'failed';
}

interface SimulatedService {
  readonly arn: string;
  desired: number;
  /** The last one is what new tasks belong to. */
  deployments: SimulatedDeployment[];
  tasks: SimulatedTask[];
  rolls: number;
}

/** Something that may happen next. */
export interface Happening {
  readonly name: string;
  happen(): void;
}

/** Secrets, services and what becomes of their tasks, as ECS does it, one thing after the other. */
export class World {
  public time = 1_000_000;
  /** Events that have not been answered by a look. */
  public events = 0;
  public readonly secrets: SimulatedSecret[];
  public readonly services: SimulatedService[];
  private ids = 0;

  public constructor(secrets: readonly Pick<SimulatedSecret, 'arn' | 'isRing' | 'services'>[], desired: number) {
    this.secrets = secrets.map((secret) => ({ ...secret, current: 1, changedAt: 0, accepted: [1], changes: 0, isReplaced: false }));
    this.services = [...new Set(secrets.flatMap(({ services }) => services))].map((arn) => {
      const told = new Map(secrets.filter(({ services }) => services.includes(arn)).map((secret) => [secret.arn, 1]));
      const tasks = Array.from({ length: desired }, () => ({ deployment: 0, createdAt: 0, told, isStopping: false }));
      return { arn, desired, deployments: [{ id: 0, createdAt: 0, state: 'completed' as const }], tasks, rolls: 0 };
    });
  }

  public get isSettled(): boolean {
    return this.secrets.every(({ previous }) => previous === undefined);
  }

  public rolled(): RolledSecret[] {
    return this.secrets.map(({ arn, services }) => ({ secretArn: arn, rotationFunctionArn: `rotate-${arn}`, services: services.map((serviceArn) => ({ clusterArn: 'cluster', serviceArn })) }));
  }

  public rotate(secret: SimulatedSecret): void {
    if (secret.previous !== undefined) throw new Error('A rotation of a secret that is not settled is refused.');
    this.change(secret);
    secret.isReplaced = !secret.isRing;
  }

  /** What services and tasks do by themselves, in the order in which they usually do it. */
  public nextSteps(): Happening[] {
    return this.services.flatMap((service) => [...this.taskSteps(service), ...this.deploymentSteps(service)]);
  }

  /** What nobody planned. */
  public surprises(): Happening[] {
    return [
      ...this.services.flatMap((service) => [
        { name: 'scale out', happen: () => void (service.desired += 1) },
        { name: 'scale in', happen: () => void (service.desired = Math.max(0, service.desired - 1)) },
        ...service.deployments.filter(({ state, id }) => state === 'in-progress' && id > 0).map((deployment) => ({ name: 'deployment fails', happen: () => this.fail(service, deployment) })),
        ...service.tasks.filter(({ isStopping }) => !isStopping).slice(0, 1).map((task) => ({ name: 'task dies', happen: () => void (task.isStopping = true) })),
      ]),
      ...this.secrets.filter(({ previous }) => previous === undefined).map((secret) => ({ name: 'rotation', happen: () => this.rotate(secret) })),
    ];
  }

  /** Nobody may hold what is not let in. */
  public assertSafe(): void {
    for (const service of this.services) {
      for (const { told } of service.tasks) {
        for (const [arn, version] of told ?? []) {
          if (!this.secret(arn).accepted.includes(version)) throw new Error(`A task of ${service.arn} holds version ${version} of ${arn}, which is not let in.`);
        }
      }
    }
  }

  public readonly asSecrets: RolledSecrets = {
    describe: (arn) => {
      const { current, previous, changedAt } = this.secret(arn);
      return Promise.resolve({ current: String(current), previous: previous === undefined ? undefined : String(previous), changedAt });
    },
  };

  public readonly asServices: RolledServices = {
    describe: ({ serviceArn }): Promise<ServiceState | undefined> => {
      const { deployments, tasks } = this.service(serviceArn);
      return Promise.resolve({ isActive: true, deployments: deployments.map((one) => ({ ...one })), tasks: tasks.map(({ createdAt, isStopping }) => ({ createdAt, isStopping })) });
    },
    roll: ({ serviceArn }) => {
      const service = this.service(serviceArn);
      service.rolls += 1;
      this.ids += 1;
      service.deployments = [...service.deployments.filter(({ state }) => state === 'completed').slice(-1), { id: this.ids, createdAt: this.time + ECS_AHEAD_MS, state: 'in-progress' }];
      return Promise.resolve();
    },
  };

  public readonly asRotation: Retiring = {
    retire: ({ secretArn }, current) => {
      const secret = this.secret(secretArn);
      if (secret.previous === undefined) return Promise.resolve('nothing');
      if (current !== String(secret.current)) return Promise.resolve('held');
      if (!secret.isReplaced) {
        this.change(secret);
        secret.isReplaced = true;
        secret.accepted = secret.accepted.slice(-2);
        return Promise.resolve('replaced');
      }
      secret.previous = undefined;
      secret.accepted = [secret.current];
      return Promise.resolve('retired');
    },
  };

  public tick(milliseconds = TICK_MS): void {
    this.time += milliseconds;
  }

  private change(secret: SimulatedSecret): void {
    secret.previous = secret.current;
    secret.current += 1;
    secret.changes += 1;
    secret.changedAt = this.time;
    secret.accepted.push(secret.current);
    this.events += 1;
  }

  private taskSteps(service: SimulatedService): Happening[] {
    return service.tasks.flatMap((task): Happening[] => {
      if (task.isStopping) return [{ name: 'task has stopped', happen: () => void service.tasks.splice(service.tasks.indexOf(task), 1) }];
      if (task.createdAt === undefined) return [{ name: 'task begins', happen: () => void (task.createdAt = this.time + ECS_AHEAD_MS) }];
      if (task.told === undefined) return [{ name: 'task is told its secrets', happen: () => void (task.told = this.tell(service)) }];
      return [];
    });
  }

  private deploymentSteps(service: SimulatedService): Happening[] {
    const primary = service.deployments[service.deployments.length - 1];
    if (!primary) throw new Error('A service without a deployment.');
    const wanted = service.tasks.filter(({ isStopping }) => !isStopping);
    const own = wanted.filter(({ deployment }) => deployment === primary.id);
    const old = wanted.filter(({ deployment }) => deployment !== primary.id);
    const running = own.filter(({ told }) => told !== undefined);
    const [surplus] = running.length >= service.desired ? [...old, ...own.slice(service.desired)] : [];
    if (own.length < service.desired) return [{ name: 'task is placed', happen: () => void service.tasks.push({ deployment: primary.id, isStopping: false }) }];
    if (surplus) return [{ name: 'task is told to stop', happen: () => void (surplus.isStopping = true) }];
    if (primary.state === 'in-progress' && running.length >= service.desired) return [{ name: 'deployment is completed', happen: () => this.complete(primary) }];
    return [];
  }

  private complete(deployment: SimulatedDeployment): void {
    deployment.state = 'completed';
    this.events += 1;
  }

  /** Its tasks go, and the last one that went well has its place again, with the day it was made on. */
  private fail(service: SimulatedService, failed: SimulatedDeployment): void {
    failed.state = 'failed';
    for (const task of service.tasks) if (task.deployment === failed.id) task.isStopping = true;
    service.deployments = [failed, ...service.deployments.filter(({ id }) => id !== failed.id)];
  }

  /** For a while after a change it is the old one, the worst that Secrets Manager may say. */
  private tell(service: SimulatedService): ReadonlyMap<string, number> {
    return new Map(this.secrets.filter(({ services }) => services.includes(service.arn))
      .map(({ arn, current, previous, changedAt }) => [arn, this.time < changedAt + LAG_MS ? previous ?? current : current]));
  }

  private secret(arn: string): SimulatedSecret {
    return found(this.secrets.find((secret) => secret.arn === arn));
  }

  private service(arn: string): SimulatedService {
    return found(this.services.find((service) => service.arn === arn));
  }
}

function found<T>(one: T | undefined): T {
  if (one === undefined) throw new Error('There is no such thing in this world.');
  return one;
}
