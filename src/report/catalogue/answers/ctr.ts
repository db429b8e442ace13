import { type ControlAnswers, derived, no } from '../answer';

export const CTR = {
  'CTR-1': { attacked: no('what a tag points to tomorrow is the registry\'s, and no deployment shows it: a digest, which the rule asks for, cannot point elsewhere') },
  'CTR-2': {
    typed: no('`user` is a text: synthesis refuses root and whatever is not a number'),
    attacked: no('containers are not run as Amazon ECS runs them: gate and sample run as processes of whoever starts the drill'),
  },
  'CTR-3': {
    typed: derived('`CoreService` gives both of its containers CPU units and a hard limit of memory, and no prop takes them away'),
    attacked: no('AWS Fargate enforces limits, and nothing here imitates it'),
  },
  'CTR-4': {
    typed: derived('`CoreService` has a read-only root, `writablePaths` are volumes of the task, and no prop mounts anything of a host'),
    attacked: no('on AWS Fargate there is no host to reach, and containers are not run here: gate and sample run as processes of this machine'),
  },
  'CTR-5': {
    typed: derived('`CoreService` drops all capabilities, and no prop adds one or shares a namespace with a host'),
    attacked: no('capabilities and namespaces are the container engine\'s, and none runs here'),
  },
  'CTR-6': { typed: derived('`CoreService` rolls back what does not become healthy, and no prop takes the health check away') },
  'CTR-7': {
    typed: derived('`Profile.cortex` lets its program start its own `ModelContainer`s and stop what runs in their cluster, and no prop lets it do more'),
  },
} as const satisfies ControlAnswers;
