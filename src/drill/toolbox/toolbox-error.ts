/** Why there is no toolbox, in a sentence that says what the user can do; the command line prints it like a usage error. */
export class ToolboxError extends Error {}
