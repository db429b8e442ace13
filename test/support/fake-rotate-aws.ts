import type { DeployedRotation, RotateAws, SecretDescription } from '../../src/cli/rotate/aws';
import type { StackResource } from '../../src/cli/lockdown/aws';
import { ROTATING_TAG } from '../../src/secrets/contract';

const START = Date.parse('2030-01-02T03:04:05Z');

type State = { -readonly [Name in keyof SecretDescription]: SecretDescription[Name] };

/** A secret of the account: what it goes through once it is rotated, one state a look. */
interface FakeSecret {
  state: State;
  readonly rotation: DeployedRotation | undefined;
  /** What happens at each look that follows. */
  readonly ahead: ((state: State) => void)[];
  /** Whether a rotation that was asked for ever ends. */
  isStuckAt?: 'pending' | 'unretired';
}

/** An account whose time passes when somebody sleeps. Rotations take three looks. */
export class FakeRotateAws implements RotateAws {
  public resources: StackResource[] | undefined = [];
  public readonly secrets = new Map<string, FakeSecret>();
  public readonly metadata = new Map<string, Readonly<Record<string, unknown>>>();
  /** In the order in which it was asked: `rotate <name> <token>`, without looks. */
  public readonly calls: string[] = [];
  /** What the next looks are answered with instead. */
  public readonly troubles: Error[] = [];
  public rotateFailure: Error | undefined;
  public time = START;
  private ids = 0;

  public add(logicalId: string, rotation: DeployedRotation, more: Partial<SecretDescription> = {}): FakeSecret {
    return this.put(logicalId, {
      arn: `arn:${logicalId}`, name: `core/${logicalId}`, tags: new Map([[ROTATING_TAG, rotation.kind]]), isRotated: true,
      rotationFunctionArn: `arn:aws:lambda:eu-central-1:111122223333:function:Rotate${logicalId}`, current: 'v0',
      lastRotatedAt: new Date('2029-12-20T00:00:00Z'), nextRotationAt: new Date('2030-01-19T00:00:00Z'), ...more,
    }, rotation);
  }

  public addUnrotated(logicalId: string, metadata: Readonly<Record<string, unknown>>): void {
    this.put(logicalId, { arn: `arn:${logicalId}`, name: `core/${logicalId}`, tags: new Map(), isRotated: false, current: 'v0' }, undefined);
    this.metadata.set(`Core ${logicalId}`, metadata);
  }

  public readonly sleep = (ms: number): Promise<void> => {
    this.time += ms;
    return Promise.resolve();
  };

  public readonly now = (): Date => new Date(this.time);

  public readonly randomId = (): string => {
    this.ids += 1;
    return `token-${this.ids}`;
  };

  public resourcesOf(): Promise<readonly StackResource[] | undefined> {
    return Promise.resolve(this.resources);
  }

  public metadataOf(stack: string, logicalId: string): Promise<Readonly<Record<string, unknown>>> {
    return Promise.resolve(this.metadata.get(`${stack} ${logicalId}`) ?? {});
  }

  public describe(id: string): Promise<SecretDescription> {
    const trouble = this.troubles.shift();
    if (trouble) return Promise.reject(trouble);
    const secret = this.of(id);
    secret.ahead.shift()?.(secret.state);
    return Promise.resolve({ ...secret.state });
  }

  public madeAt(_: string, versionId: string): Promise<Date | undefined> {
    return Promise.resolve(versionId === 'v0' ? new Date('2029-12-20T00:00:00Z') : undefined);
  }

  public rotationOf(functionArn: string): Promise<DeployedRotation | undefined> {
    return Promise.resolve([...this.secrets.values()].find(({ state }) => state.rotationFunctionArn === functionArn)?.rotation);
  }

  public rotate(arn: string, token: string): Promise<'started' | 'going'> {
    this.calls.push(`rotate ${arn} ${token}`);
    if (this.rotateFailure) return Promise.reject(this.rotateFailure);
    const { state, ahead, rotation, isStuckAt } = this.of(arn);
    const isGoing = state.pending !== undefined;
    const id = state.pending ?? token;
    if (isGoing && id !== token) throw new Error('A second rotation was begun beside one that is not complete.');
    if (rotation?.isRolledOut === true && state.previous !== undefined) throw new Error('The old value was not retired yet.');
    state.pending = id;
    if (isStuckAt === 'pending') return Promise.resolve(isGoing ? 'going' : 'started');
    ahead.push(() => undefined, (now) => Object.assign(now, { previous: now.current, current: id, pending: undefined, lastRotatedAt: new Date(this.time) }));
    // A ring is replaced by one that does not tell of the old value, which is rolled out in turn.
    if (rotation?.kind === 'ring' && rotation.isRolledOut) ahead.push((now) => Object.assign(now, { previous: now.current, current: `${id}-replaced` }));
    if (rotation?.isRolledOut === true && isStuckAt === undefined) ahead.push((now) => delete now.previous);
    return Promise.resolve(isGoing ? 'going' : 'started');
  }

  private put(logicalId: string, state: State, rotation: DeployedRotation | undefined): FakeSecret {
    const secret: FakeSecret = { state, rotation, ahead: [] };
    this.secrets.set(state.arn, secret);
    this.resources?.push({ type: 'AWS::SecretsManager::Secret', path: `Core/${logicalId}`, physicalId: state.arn });
    return secret;
  }

  private of(arn: string): FakeSecret {
    const secret = this.secrets.get(arn);
    if (!secret) throw new Error(`There is no secret ${arn}.`);
    return secret;
  }
}
