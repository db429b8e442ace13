import { variableCases } from '../../support/configured-cases';
import { FIRST_CONTAINER, task } from '../../support/containers';
import { describeRule } from '../../support/rule-cases';

const BELIEVED = /whoever connects is believed about where a request comes from/;

const variables = variableCases({
  compliant: {
    'loopback': { FORWARDED_ALLOW_IPS: '127.0.0.1' },
    'networks': { TRUSTED_PROXIES: '10.0.0.0/16,10.1.0.0/16' },
    'a number of hops': { TRUST_PROXY: '1' },
    'nobody': { TRUST_PROXY: 'false' },
  },
  violating: {
    'everybody': [{ FORWARDED_ALLOW_IPS: '*' }, BELIEVED, 'error'],
    'everybody beside a network': [{ FORWARDED_ALLOW_IPS: '127.0.0.1,*' }, BELIEVED],
    'everybody, by true': [{ TRUST_PROXY: 'true' }, BELIEVED],
    'the internet': [{ TRUSTED_PROXIES: '0.0.0.0/0' }, BELIEVED],
  },
  open: ['FORWARDED_ALLOW_IPS'],
  notApplicable: { 'another variable': { PROXY: '*' } },
});

describeRule('HDR-7.trusted-proxies', {
  ...variables,
  violating: {
    ...variables.violating,
    'an option': { build: (stack) => task(stack, { command: ['uvicorn', 'app', '--forwarded-allow-ips', '*'] }), message: /container core: by its command line, whoever connects/ },
    'an option in one word': { build: (stack) => task(stack, { entryPoint: ['gunicorn', '--forwarded-allow-ips=*'] }), message: /by its command line/ },
    'an option by override': {
      build: (stack) => task(stack, { command: ['uvicorn', '--forwarded-allow-ips', '127.0.0.1'] }).addPropertyOverride(`${FIRST_CONTAINER}.Command.2`, '*'), message: /by its command line/,
    },
  },
});
