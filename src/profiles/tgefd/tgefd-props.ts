import type { ClientCertificateProps } from '../../authorizer/client-certificates';
import type { JwtAuthorizerProps } from '../../authorizer/jwt-props';
import type { KeySetFetchProps } from '../../gate/key-set-fetch';
import type { Route } from '../../ingress/route';
import type { TgefdAuth } from './tgefd-auth';
import type { TgefdScope } from './tgefd-scope';

/** Tokens that TGEFD verifies as the gate does: the variables of both are derived from this. */
export interface TgefdJwtProps extends JwtAuthorizerProps {
  /**
   * What the issuer writes in front of a scope, such as `tgefd/` for `tgefd/discover` (TG-34 to TG-37).
   *
   * @default - nothing: tokens carry `discover`, `evaluate`, `metrics` and `jobs`
   */
  readonly scopePrefix?: string;
}

/** Whose certificates callers show, and what each may do. */
export interface TgefdMtlsProps extends ClientCertificateProps {
  /** What each caller may do (TG-32), by the subject of its certificate exactly as the load balancer writes it, such as `CN=platform,O=Acme`. Whoever is not named may do nothing. */
  readonly scopes: { readonly [subject: string]: TgefdScope[] };
}

/** The paths of each operation, which the document does not name (M-41). None of them says `access` or `heavy`: the operation does. A list may be empty: what is not forwarded is answered 404. */
export interface TgefdRoutes {
  /** For callers with scope `discover`, with the heavy budget (TG-34, TG-54). */
  readonly discover: Route[];

  /** For callers with scope `evaluate`, with the heavy budget (TG-35, TG-54). */
  readonly evaluate: Route[];

  /** For callers with scope `metrics` (TG-36). */
  readonly metrics: Route[];

  /** For callers with scope `jobs` (TG-37). */
  readonly jobs: Route[];
}

/** What comes with a role that a token names (AZN-3). */
export interface TgefdRoles {
  /**
   * What `admin` may do (TG-44).
   *
   * @default - all four
   */
  readonly admin?: TgefdScope[];

  /**
   * What `analyst` may do (TG-45).
   *
   * @default - all four
   */
  readonly analyst?: TgefdScope[];

  /**
   * What `reader` may do: METRICS and JOBS at most (TG-46).
   *
   * @default - both
   */
  readonly reader?: TgefdScope[];
}

/** What TGEFD needs. What it is told, and what the gate checks, follow from this alone. */
export interface TgefdProfileProps {
  /** How callers prove who they are (TG-02); API keys and shared secrets are for one machine, by `LocalProfile`. */
  readonly auth: TgefdAuth;

  /** What is forwarded, by what a caller has to be allowed to do (TG-31). */
  readonly routes: TgefdRoutes;

  /**
   * The header that says who calls; what callers send in it is removed (TG-49 to TG-51).
   *
   * @default 'x-auth-request-user' (C-07)
   */
  readonly identityHeader?: string;

  /**
   * What roles stand for, where `rolesClaim` of the tokens names them. Without such a claim nobody has a role, and it is refused.
   *
   * @default - the defaults of TgefdRoles
   */
  readonly roles?: TgefdRoles;

  /**
   * How the issuer's signing keys are asked for, by the gate and by TGEFD (TG-22 to TG-26). Refused with certificates, for which nobody asks.
   *
   * @default - the defaults of KeySetFetchProps
   */
  readonly keySetFetch?: KeySetFetchProps;
}
