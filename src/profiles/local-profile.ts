import { LocalNodeToolAuth } from './local/local-nodetool-auth';
import type { LocalCortexProps, LocalNodeToolProps, LocalTgefdProps, LocalTomProps } from './local/local-props';
import { LocalTgefdAuth } from './local/local-tgefd-auth';
import { envFileOf, fromShell, localVariables } from './local/local-variables';
import type { ProfileName } from './variables/variable';

/**
 * What a program of one of the documents is told on a developer's machine, where it may be told what no deployment takes.
 *
 * It is no `Profile`: nothing makes a load balancer for it (RC-01), and `check` without `--local` refuses what is unsafe in its file.
 */
export class LocalProfile {
  /** A gateway to language models; the key of its model servers is the shell's to give. */
  public static cortex(props: LocalCortexProps = {}): LocalProfile {
    const { corsOrigins = ['http://localhost:3001'], allowAllKeys = false, limits = true } = given('cortex', props);
    // From JavaScript anything may come; so below.
    if (!Array.isArray(corsOrigins)) throw new Error('LocalProfile.cortex: corsOrigins is no list. Name pages, such as [\'http://localhost:5173\'], or leave it out.');
    return new LocalProfile(localVariables('cortex', {
      CORS_ALLOW_ORIGINS: corsOrigins.join(','),
      GATEWAY_DEV_ALLOW_ALL_KEYS: String(allowAllKeys),
      RATE_LIMIT_ENABLED: String(limits),
      CONCURRENCY_LIMIT_ENABLED: String(limits),
    }));
  }

  /** An evaluation API. */
  public static tgefd(props: LocalTgefdProps): LocalProfile {
    if (!((props as Partial<LocalTgefdProps> | undefined)?.auth instanceof LocalTgefdAuth)) {
      throw new Error('LocalProfile.tgefd: auth is nothing of the kind. Name LocalTgefdAuth.none(), LocalTgefdAuth.apiKeys() or LocalTgefdAuth.sharedSecret().');
    }
    return new LocalProfile(localVariables('tgefd', props.auth._variables));
  }

  /** A server of workflows; its master key, the password of its database and the key pair of its bucket are the shell's to give. */
  public static nodetool(props: LocalNodeToolProps): LocalProfile {
    if (!((props as Partial<LocalNodeToolProps> | undefined)?.auth instanceof LocalNodeToolAuth)) {
      throw new Error('LocalProfile.nodetool: auth is nothing of the kind. Name LocalNodeToolAuth.none() or LocalNodeToolAuth.local().');
    }
    const { auth, debug = false, postgresHost = 'postgres', assetBucket = 'nodetool-assets' } = props;
    return new LocalProfile(localVariables('nodetool', {
      ENV: 'development',
      DEBUG: String(debug),
      LOG_LEVEL: debug ? 'DEBUG' : 'INFO',
      AUTH_PROVIDER: auth._provider,
      // In a deployment it reads the key by its name, in AWS, which is not here.
      AWS_SECRETS_MASTER_KEY_NAME: undefined,
      SECRETS_MASTER_KEY: fromShell('SECRETS_MASTER_KEY'),
      POSTGRES_USER: 'nodetool_user',
      POSTGRES_HOST: postgresHost,
      POSTGRES_PORT: '5432',
      S3_ENDPOINT_URL: 'http://minio:9000',
      S3_REGION: 'us-east-1',
      ASSET_BUCKET: assetBucket,
      S3_ACCESS_KEY_ID: fromShell('S3_ACCESS_KEY_ID'),
      S3_SECRET_ACCESS_KEY: fromShell('S3_SECRET_ACCESS_KEY'),
    }));
  }

  /** The part of a network tool that takes requests, in the first phase of its document: workers read a file, and nobody asks them who they are. */
  public static tom(props: LocalTomProps = {}): LocalProfile {
    const { keys = true, credentialFile = 'creds.yml' } = given('tom', props);
    return new LocalProfile(localVariables('tom', {
      ...(!keys && { TOM_CORE_AUTH_MODE: 'none', TOM_CORE_API_KEYS: undefined }),
      TOM_CORE_CREDENTIAL_FILE: credentialFile,
      TOM_CORE_WORKER_AUTH_REQUIRED: 'false',
      TOM_CORE_CREDENTIAL_CHECKOUT_ENABLED: 'false',
    }));
  }

  private constructor(
    /** By name; what is secret stands as `${NAME:?}`, for the shell to fill in. */
    public readonly variables: { readonly [name: string]: string },
  ) {}

  /** A file for `env_file` of docker compose, which fills in what is secret from the shell and does not start without. `docker run` does not fill it in. */
  public envFile(): string {
    return envFileOf(this.variables);
  }
}

/** From JavaScript null may come, which nothing can be read from. */
function given<P extends object>(profile: ProfileName, props: P | null): P {
  if (props === null) throw new Error(`LocalProfile.${profile}: null is given. Name what is different from the defaults, or nothing.`);
  return props;
}
