import { all, defineRule, each, expect, fail, NOT_APPLICABLE, type Outcome, PASS, undecidable } from '../rule';
import type { Property } from '../template/property';
import type { Resource } from '../template/resource';
import { containersOf, nameOf, TASK_DEFINITION } from './containers';

const DIGEST = /@sha256:[0-9a-f]{64}$/;

/** CDK names image assets after a hash of their content, in a repository of ECR that takes no tag twice. Other registries promise nothing. */
const CDK_ASSET = /^(\d{12}|\$\{AWS::AccountId\})\.dkr\.ecr\.([a-z0-9-]+|\$\{AWS::Region\})\.(amazonaws\.com(\.cn)?|\$\{AWS::URLSuffix\})\/cdk-[A-Za-z0-9_-]{1,10}-container-assets-([^/:@${}]|\$\{AWS::(AccountId|Region)\})*:[0-9a-f]{64}$/;

function isPinned(container: Property): readonly Outcome[] {
  const place = container.get('Image');
  const { text, complete } = place.partialText();
  if (DIGEST.test(text) || CDK_ASSET.test(text)) return PASS;
  if (!complete && /(\$\{[^}]*\}|\}\})$/.test(text)) return undecidable(place, `${nameOf(container)} runs ${text}, and what the last part resolves to is not known`);
  return fail(place, `${nameOf(container)} runs ${text || 'no image'}, which can change under the same name`);
}

const pinned = defineRule('CTR-1', 'pinned-image', {
  extent: 'task definitions, not repositories',
  appliesTo: [TASK_DEFINITION],
  remediation: 'Name the image by digest (repository@sha256:…) or build it as a CDK asset.',
  check: (task) => each(containersOf(task), isPinned),
});

/** Root by name or number. Nothing before the colon is root as well, and runtimes read a sign as part of the number. */
const ROOT = /^([+-]?0+|root|ContainerAdministrator|)$/i;

const nonRoot = defineRule('CTR-2', 'non-root', {
  appliesTo: [TASK_DEFINITION],
  remediation: 'Set User to a numeric uid of 1000 or more, such as "1000:1000".',
  check: (task) => each(containersOf(task), (container) => {
    const place = container.get('User');
    const user = place.text();
    if (user === undefined || user === '') return fail(place, `${nameOf(container)} names no User, so the image decides, and most images run as root`);
    const [name = ''] = user.split(':');
    return expect(!ROOT.test(name), place, `${nameOf(container)} runs as ${user}`);
  }),
});

const limits = defineRule('CTR-3', 'limits', {
  appliesTo: [TASK_DEFINITION],
  remediation: 'Set Cpu and Memory (the hard limit) on every container.',
  check: (task) => each(containersOf(task), (container) => all(
    ...['Memory', 'Cpu'].map((key) => () => expect((container.get(key).number() ?? 0) > 0, container.get(key), `${nameOf(container)} has no ${key} limit, so it can starve its neighbours`)),
  )),
});

const CONTROL_SOCKETS = /(docker|containerd|crio|podman)\.sock\b/;

function hostPath(volume: Property): readonly Outcome[] {
  const source = volume.get('Host.SourcePath');
  if (!source.exists) return PASS;
  const { text } = source.partialText();
  const what = CONTROL_SOCKETS.test(text) ? `hands the container runtime's socket ${text} to the task, which is root on the host` : `mounts the host's ${text}`;
  return fail(source, `volume ${volume.get('Name').partialText().text} ${what}`);
}

/** Docker's local driver mounts whatever device it is told to: a path of the host is a host mount under another name. */
function boundDevice(volume: Property): readonly Outcome[] {
  const device = volume.get('DockerVolumeConfiguration.DriverOpts.device');
  return expect(!(device.text() ?? '').startsWith('/'), device, `volume ${volume.get('Name').partialText().text} mounts the host's ${device.text() ?? ''} through the volume driver`);
}

const hostVolumes = defineRule('CTR-4', 'host-volume', {
  appliesTo: [TASK_DEFINITION],
  remediation: 'Use a volume of the task itself, or EFS; manage containers through the ECS API instead of a socket.',
  check: (task) => {
    const outcomes = all(
      () => each(task.prop('Volumes').items(), (volume) => all(() => hostPath(volume), () => boundDevice(volume))),
      () => each(containersOf(task), (container) => each(container.get('LinuxParameters.Devices').items(), (device) =>
        fail(device, `${nameOf(container)} gets the host's device ${device.get('HostPath').partialText().text}`))),
    );
    return outcomes.length === 0 ? PASS : outcomes;
  },
});

/** Windows has neither Linux capabilities nor read-only root file systems, and ECS takes the settings for neither. */
function isWindows(task: Resource): boolean {
  return (task.prop('RuntimePlatform.OperatingSystemFamily').text() ?? '').startsWith('WINDOWS');
}

const readOnlyRoot = defineRule('CTR-4', 'read-only-root', {
  appliesTo: [TASK_DEFINITION],
  remediation: 'Set ReadonlyRootFilesystem true and mount a task volume where the program must write.',
  check: (task) => (isWindows(task) ? NOT_APPLICABLE : each(containersOf(task), (container) => {
    const place = container.get('ReadonlyRootFilesystem');
    return expect(place.flag() === true, place, `${nameOf(container)} can rewrite its own root file system`);
  })),
});

/** A network interface of the task's own, or no network at all. */
const ISOLATED_MODES = ['awsvpc', 'none'];

const isolated = defineRule('CTR-5', 'namespaces', {
  appliesTo: [TASK_DEFINITION],
  remediation: 'Set NetworkMode awsvpc and leave PidMode and IpcMode away from host.',
  check: (task) => all(
    () => {
      const place = task.prop('NetworkMode');
      const mode = place.text();
      const shared = mode === 'host' ? 'the task shares the host\'s network' : 'its containers share the host\'s bridge, and the host\'s address and security groups, instead of having their own';
      return expect(ISOLATED_MODES.includes(mode ?? ''), place, `network mode is ${mode ?? 'not set (bridge)'}, so ${shared}`);
    },
    ...['PidMode', 'IpcMode'].map((key) => () => expect(task.prop(key).text() !== 'host', task.prop(key), `${key} host lets the task reach into the host's processes`)),
  ),
});

/** Security options that take seccomp, AppArmor or SELinux away; spc_t is SELinux's type for containers that nothing confines. */
const UNCONFINED = /unconfined|label[:=]disable|spc_t/;

const capabilities = defineRule('CTR-5', 'capabilities', {
  appliesTo: [TASK_DEFINITION],
  remediation: 'Set LinuxParameters.Capabilities.Drop to ["ALL"], add nothing back, and leave Privileged false.',
  check: (task) => {
    if (isWindows(task)) return NOT_APPLICABLE;
    return each(containersOf(task), (container) => all(
      () => expect(container.get('Privileged').flag() !== true, container.get('Privileged'), `${nameOf(container)} is privileged, which is root on the host`),
      () => {
        const drop = container.get('LinuxParameters.Capabilities.Drop');
        return expect(drop.items().some((item) => item.text() === 'ALL'), drop, `${nameOf(container)} keeps the default capabilities`);
      },
      () => {
        const add = container.get('LinuxParameters.Capabilities.Add');
        return expect(add.items().length === 0, add, `${nameOf(container)} adds ${add.items().map((item) => item.text()).join(', ')}`);
      },
      () => each(container.get('DockerSecurityOptions').items(), (option) =>
        expect(!UNCONFINED.test(option.text() ?? ''), option, `${nameOf(container)} turns a kernel confinement off`)),
    ));
  },
});

export const CTR_RULES = [pinned, nonRoot, limits, hostVolumes, readOnlyRoot, isolated, capabilities];
