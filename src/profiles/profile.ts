import type { Construct } from 'constructs';
import { checkGiven } from '../check-given';
import { checkKinds } from '../check-kinds';
import { type CortexProfileProps, cortexPlan } from './cortex/cortex-profile';
import { type NodeToolProfileProps, nodeToolPlan } from './nodetool/nodetool-profile';
import type { ProfileContext, ProfileNeeds, ProfileParts, ProfilePlan } from './parts';
import { type RemoteCoreProfileProps, remoteCorePlan } from './remote-core/remote-core-profile';
import { type TgefdProfileProps, tgefdPlan } from './tgefd/tgefd-profile';
import { type TomProfileProps, tomPlan } from './tom/tom-profile';
import type { ProfileName } from './variables/variable';

/** A plan with the props that were chosen for it. */
interface Choice {
  readonly name: ProfileName;
  readonly port: number;
  needs(scope: Construct): ProfileNeeds;
  bind(scope: Construct, context: ProfileContext): ProfileParts;
}

function chosen<P extends object>(plan: ProfilePlan<P>, props: P): Choice {
  const { name, port = 8000, required, kinds } = plan;
  return {
    name,
    port,
    needs: (scope) => {
      checkGiven(scope, props, required, 'profile.');
      checkKinds(scope, props, kinds, 'profile.');
      return plan.needs(scope, props);
    },
    bind: (scope, context) => plan.bind(scope, props, context),
  };
}

/**
 * Whose system a Core is: what it is told, who may call what, and what it stands on, as one of the five documents asks for it.
 *
 * What is no safe choice has no prop: no profile is built without a proof of who calls, with debugging on, or with a secret in plain sight (CFG-2, CFG-3, CFG-6).
 */
export class Profile {
  /** A Core that a platform calls for its users. */
  public static remoteCore(props: RemoteCoreProfileProps): Profile {
    return new Profile(chosen(remoteCorePlan, props));
  }

  /** A gateway to language models, with callers' API keys and model containers of its own. */
  public static cortex(props: CortexProfileProps): Profile {
    return new Profile(chosen(cortexPlan, props));
  }

  /** An evaluation API, by tokens or client certificates, with four scopes. */
  public static tgefd(props: TgefdProfileProps): Profile {
    return new Profile(chosen(tgefdPlan, props));
  }

  /** A server of workflows with Supabase's logins, a database, assets and providers' keys. */
  public static nodetool(props: NodeToolProfileProps): Profile {
    return new Profile(chosen(nodeToolPlan, props));
  }

  /** The part of a network tool that takes requests and hands them to workers by a queue. */
  public static tom(props: TomProfileProps): Profile {
    return new Profile(chosen(tomPlan, props));
  }

  private constructor(private readonly choice: Choice) {}

  /**
   * As `check --profile` knows it.
   *
   * @internal
   */
  public get _name(): ProfileName {
    return this.choice.name;
  }

  /**
   * What its program listens on.
   *
   * @internal
   */
  public get _port(): number {
    return this.choice.port;
  }

  /**
   * What has to be known before there is a network.
   *
   * @internal
   */
  public _needs(scope: Construct): ProfileNeeds {
    return this.choice.needs(scope);
  }

  /**
   * Makes what it needs, and says what the Core is given.
   *
   * @internal
   */
  public _bind(scope: Construct, context: ProfileContext): ProfileParts {
    return this.choice.bind(scope, context);
  }
}
