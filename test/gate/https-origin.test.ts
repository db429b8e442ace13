import { App, Duration, Stack, Token } from 'aws-cdk-lib';
import { Distribution } from 'aws-cdk-lib/aws-cloudfront';
import { HttpOrigin } from 'aws-cdk-lib/aws-cloudfront-origins';
import type { CorsConfiguration } from '../../src/gate/contract';
import { corsConfiguration, type CorsOptions, HttpsOrigin } from '../../src/gate/https-origin';

const newStack = (): Stack => new Stack(new App(), 'Stack');

function configured(options: Partial<CorsOptions> = {}): CorsConfiguration {
  return corsConfiguration(newStack(), { origins: [HttpsOrigin.of('https://app.acme.com')], ...options });
}

const one = (text: string): CorsConfiguration => configured({ origins: [HttpsOrigin.of(text)] });

describe('An origin', () => {
  test.each(['https://app.acme.com', 'https://app.acme.com:8443', 'https://acme', 'https://xn--bcher-kva.example', 'https://app.localhost.acme.com', 'https://1.2.3.acme.com'])('may be %s', (text) => {
    expect(one(text).origins).toEqual([text]);
  });

  test.each([
    'http://app.acme.com', 'app.acme.com', '*', 'https://*', 'https://*.acme.com', 'null', '', 'https://', 'https://app.acme.com?x', 'https://app.acme.com#x', ' https://app.acme.com',
    'https://app.acme.com ', 'https://a.acme.com,https://b.acme.com', 'wss://app.acme.com', 'file:///x', 'https:\\\\app.acme.com', 'https://app.acme.com:99999',
    'https://my_app.acme.com', 'https://a$b.acme.com',
  ])('may not be %p', (text) => {
    expect(() => one(text)).toThrow(`Stack: cors.origins is ${JSON.stringify(text)}. Name one origin as browsers spell it, such as https://app.acme.com`);
  });

  test.each([
    ['https://app.acme.com/', 'https://app.acme.com'], ['https://app.acme.com/x', 'https://app.acme.com'],
    ['https://App.acme.com', 'https://app.acme.com'], ['HTTPS://app.acme.com', 'https://app.acme.com'],
    ['https://app.acme.com:443', 'https://app.acme.com'], ['https://app.acme.com:08443', 'https://app.acme.com:8443'], ['https://bücher.example', 'https://xn--bcher-kva.example'],
    ['https://0x7f.1', 'https://127.0.0.1'], ['https:app.acme.com', 'https://app.acme.com'], ['https://app.acme.com:', 'https://app.acme.com'],
  ])('may not be %s, which browsers spell otherwise', (text, spelled) => {
    expect(() => one(text)).toThrow(`Stack: cors.origins is ${JSON.stringify(text)}. Browsers spell it ${spelled}: name it like that.`);
  });

  test.each([
    'https://localhost', 'https://localhost:3000', 'https://app.localhost', 'https://mac.local', 'https://host.localdomain', 'https://127.0.0.1', 'https://10.0.0.7:8443', 'https://203.0.113.7',
    'https://[::1]', 'https://[2001:db8::1]:8443', 'https://app.acme.com.', 'https://localhost.',
  ])('may not be %s, a machine of one\'s own (HDR-6)', (text) => {
    expect(() => one(text)).toThrow(`Stack: cors.origins is ${JSON.stringify(text)}. Name a host that public DNS knows`);
  });

  test('keeps credentials out of the error', () => {
    expect(() => one('https://user:hunter2@app.acme.com')).toThrow(/^(?!.*hunter2)Stack: cors\.origins is "https:\/\/app\.acme\.com with credentials in it"/s);
  });

  test('may have a host that only the deployment knows, and nothing else', () => {
    const stack = newStack();
    const { distributionDomainName: host } = new Distribution(stack, 'Pages', { defaultBehavior: { origin: new HttpOrigin('pages.acme.com') } });
    const { origins } = corsConfiguration(stack, { origins: [HttpsOrigin.of(`https://${host}`)] });
    expect(stack.resolve(origins)).toEqual([{ 'Fn::Join': ['', ['https://', { 'Fn::GetAtt': [expect.stringMatching(/^Pages/) as string, 'DomainName'] }]] }]);
    for (const text of [`http://${host}`, `https://*.${host}`, Token.asString({ Ref: 'Origin' })]) expect(() => one(text)).toThrow('cors.origins is a token. Name one origin');
    expect(() => one(`https://${host}/`)).toThrow('cors.origins is a token.');
  });
});

describe('What pages may do', () => {
  test('is little unless more is said', () => {
    expect(configured()).toEqual({ origins: ['https://app.acme.com'], credentials: false, headers: ['authorization', 'content-type', 'x-api-key'], maxAgeSeconds: 3600 });
  });

  test('is what is said', () => {
    const origins = [HttpsOrigin.of('https://a.acme.com'), HttpsOrigin.of('https://b.acme.com')];
    expect(configured({ origins, allowCredentials: true, allowedHeaders: ['X-Request-Id'], maxAge: Duration.minutes(10) })).toEqual({
      origins: ['https://a.acme.com', 'https://b.acme.com'], credentials: true, headers: ['x-request-id'], maxAgeSeconds: 600,
    });
    expect(configured({ allowedHeaders: [], maxAge: Duration.seconds(0) })).toMatchObject({ headers: [], maxAgeSeconds: 0 });
  });

  test.each<[Partial<CorsOptions>, string]>([
    [{ origins: [] }, 'cors.origins is []. Name at least one HttpsOrigin'],
    [{ origins: [HttpsOrigin.of('https://a.acme.com'), HttpsOrigin.of('https://a.acme.com')] }, 'cors.origins is "https://a.acme.com". Name it once.'],
    [{ allowedHeaders: ['*'] }, 'cors.allowedHeaders is "*". Name one header each'],
    [{ allowedHeaders: ['a, b'] }, 'cors.allowedHeaders is "a, b".'],
    [{ allowedHeaders: ['x_api_key'] }, 'cors.allowedHeaders is "x_api_key".'],
    [{ allowedHeaders: [''] }, 'cors.allowedHeaders is "".'],
    [{ allowedHeaders: ['x-a', 'X-A'] }, 'cors.allowedHeaders is "x-a". Name it once.'],
    [{ maxAge: Duration.days(2) }, 'cors.maxAge is "Duration.days(2)". Name 0 to 86400 whole seconds.'],
    [{ maxAge: Duration.millis(1500) }, 'cors.maxAge is "Duration.millis(1500)".'],
    [{ maxAge: Duration.seconds(Token.asNumber({ Ref: 'Age' })) }, 'cors.maxAge is "a token".'],
  ])('is refused as %j', (options, message) => {
    expect(() => configured(options)).toThrow(`Stack: ${message}`);
  });
});
