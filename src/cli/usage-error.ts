/** Something the user can put right: printed as one sentence, exit code 2. */
export class UsageError extends Error {}
