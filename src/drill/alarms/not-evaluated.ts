/** Something that a template asks of CloudWatch and the drill does not imitate: never guessed, always told. */
export class NotEvaluatedError extends Error {}
