import { all, defineRule, each, expect, fail, NOT_APPLICABLE, type Outcome, PASS, undecidable } from '../rule';
import type { Property } from '../template/property';
import { containersOf, nameOf, TASK_DEFINITION } from './containers';

const DIGEST = /@sha256:[0-9a-f]{64}$/;

/** CDK names image assets after a hash of their content, in a repository that nobody else writes to. */
const CDK_ASSET = /cdk-[a-z0-9]+-container-assets-.*:[0-9a-f]{64}$/;

function isPinned(container: Property): readonly Outcome[] {
  const place = container.get('Image');
  const { text, complete } = place.partialText();
  if (DIGEST.test(text) || CDK_ASSET.test(text)) return PASS;
  if (!complete && /\$\{[^}]*\}$/.test(text)) return undecidable(place, `${nameOf(container)} runs ${text}, and what the last part resolves to is not known`);
  return fail(place, `${nameOf(container)} runs ${text || 'no image'}, which can change under the same name`);
}

const pinned = defineRule('CTR-1', 'pinned-image', {
  appliesTo: [TASK_DEFINITION],
  remediation: 'Name the image by digest (repository@sha256:…) or build it as a CDK asset.',
  check: (task) => each(containersOf(task), isPinned),
});

const nonRoot = defineRule('CTR-2', 'non-root', {
  appliesTo: [TASK_DEFINITION],
  remediation: 'Set User to a numeric uid of 1000 or more, such as "1000:1000".',
  check: (task) => each(containersOf(task), (container) => {
    const place = container.get('User');
    const user = place.text();
    if (user === undefined || user === '') return fail(place, `${nameOf(container)} names no User, so the image decides, and most images run as root`);
    const [name = ''] = user.split(':');
    return expect(!/^(0+|root|ContainerAdministrator)$/i.test(name), place, `${nameOf(container)} runs as ${user}`);
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

const hostVolumes = defineRule('CTR-4', 'host-volume', {
  appliesTo: [TASK_DEFINITION],
  remediation: 'Use a volume of the task itself, or EFS; manage containers through the ECS API instead of a socket.',
  check: (task) => {
    const volumes = task.prop('Volumes').items();
    const outcomes = each(volumes, (volume) => {
      const source = volume.get('Host.SourcePath');
      if (!source.exists) return PASS;
      const { text } = source.partialText();
      const what = CONTROL_SOCKETS.test(text) ? `hands the container runtime's socket ${text} to the task, which is root on the host` : `mounts the host's ${text}`;
      return fail(source, `volume ${volume.get('Name').partialText().text} ${what}`);
    });
    return outcomes.length === 0 ? PASS : outcomes;
  },
});

const readOnlyRoot = defineRule('CTR-4', 'read-only-root', {
  appliesTo: [TASK_DEFINITION],
  remediation: 'Set ReadonlyRootFilesystem true and mount a task volume where the program must write.',
  check: (task) => each(containersOf(task), (container) => {
    const place = container.get('ReadonlyRootFilesystem');
    return expect(place.flag() === true, place, `${nameOf(container)} can rewrite its own root file system`);
  }),
});

const isolated = defineRule('CTR-5', 'namespaces', {
  appliesTo: [TASK_DEFINITION],
  remediation: 'Set NetworkMode awsvpc and leave PidMode and IpcMode away from host.',
  check: (task) => all(
    () => {
      const mode = task.prop('NetworkMode');
      return expect(mode.text() === 'awsvpc', mode, `network mode is ${mode.text() ?? 'not set (bridge)'}, so the task shares the host's network`);
    },
    ...['PidMode', 'IpcMode'].map((key) => () => expect(task.prop(key).text() !== 'host', task.prop(key), `${key} host lets the task reach into the host's processes`)),
  ),
});

const capabilities = defineRule('CTR-5', 'capabilities', {
  appliesTo: [TASK_DEFINITION],
  remediation: 'Set LinuxParameters.Capabilities.Drop to ["ALL"], add nothing back, and leave Privileged false.',
  check: (task) => {
    const isWindows = (task.prop('RuntimePlatform.OperatingSystemFamily').text() ?? '').startsWith('WINDOWS');
    if (isWindows) return NOT_APPLICABLE;
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
        expect(!/(unconfined|label:disable|label=disable)/.test(option.text() ?? ''), option, `${nameOf(container)} turns a kernel confinement off`)),
    ));
  },
});

export const CTR_RULES = [pinned, nonRoot, limits, hostVolumes, readOnlyRoot, isolated, capabilities];
