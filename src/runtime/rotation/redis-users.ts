/** A user as ElastiCache describes it. */
export interface RedisUserState {
  /** `active`, `modifying` or `deleting` (ElastiCache API, User). */
  readonly status: string;
  /** `password`, `no-password` or `iam`. */
  readonly authentication: string;
  /** One or two. */
  readonly passwords: number;
  /** Of which it is a member; in none it can log in nowhere. */
  readonly groups: number;
}

/** The users of ElastiCache, as far as rotating a password needs them. Every call may fail, and may have happened although it failed. */
export interface RedisUsers {
  /** Nothing where there is no such user. */
  find(userId: string): Promise<RedisUserState | undefined>;
  /** Replaces all passwords of the user. `busy` where it is being changed already, or has gone meanwhile: nothing has been changed then. */
  setPasswords(userId: string, passwords: readonly string[]): Promise<'accepted' | 'busy'>;
}

/** Whether somebody with this password is let in. Rejects where nobody can tell. */
export type RedisLogin = (password: string) => Promise<boolean>;
