/** Prefix of the names that jsii gives to what this library publishes. */
const OURS = 'cdk-secure-core.';

/**
 * What an assembly's tree.json says of this library's constructs. The CDK writes there, while it synthesizes, the name and the version
 * that jsii has compiled into a construct's class; a source that merely calls its class `SecureCore` has none.
 */
export class OwnConstructs {
  private constructor(private readonly versions: ReadonlyMap<string, string>) {}

  /** Undefined where the content is no construct tree. */
  public static inTree(content: unknown): OwnConstructs | undefined {
    if (!isMap(content) || !isMap(content.tree)) return undefined;
    const versions = new Map<string, string>();
    const visit = (node: Readonly<Record<string, unknown>>): void => {
      const { path, constructInfo: info, children } = node;
      if (typeof path === 'string' && isMap(info) && typeof info.fqn === 'string' && info.fqn.startsWith(OURS)) versions.set(path, typeof info.version === 'string' ? info.version : '');
      if (isMap(children)) Object.values(children).filter(isMap).forEach(visit);
    };
    visit(content.tree);
    return new OwnConstructs(versions);
  }

  /** The version of the library whose construct the path stands in; undefined where it stands in none. */
  public versionAround(constructPath: string): string | undefined {
    for (let path = constructPath; path !== ''; path = path.slice(0, Math.max(path.lastIndexOf('/'), 0))) {
      const version = this.versions.get(path);
      if (version !== undefined) return version;
    }
    return undefined;
  }
}

function isMap(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
