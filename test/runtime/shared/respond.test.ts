import { respond } from '../../../src/runtime/shared/respond';

const ASKER = { ResponseURL: 'https://cloudformation.example/answer?signature=s', StackId: 'stack', RequestId: 'request', LogicalResourceId: 'Sets' };
const ok = { ok: true, status: 200 } as Response;
const refused = { ok: false, status: 500 } as Response;

describe('the answer to CloudFormation', () => {
  test('carries what was asked, the physical id and the attributes, under no content type', async () => {
    const put = jest.fn<Promise<Response>, Parameters<typeof fetch>>().mockResolvedValue(ok);
    await respond(ASKER, { Status: 'SUCCESS', PhysicalResourceId: 'Switch', Data: { Ipv4SetArn: 'arn' } }, put);
    expect(put).toHaveBeenCalledTimes(1);
    const [url, init] = put.mock.calls[0] ?? [];
    expect(url).toBe(ASKER.ResponseURL);
    expect(init).toMatchObject({ method: 'PUT', headers: { 'content-type': '' } });
    expect(JSON.parse(String(init?.body))).toEqual({ StackId: 'stack', RequestId: 'request', LogicalResourceId: 'Sets', Status: 'SUCCESS', PhysicalResourceId: 'Switch', Data: { Ipv4SetArn: 'arn' } });
  });

  test('is given again where it does not arrive', async () => {
    const put = jest.fn<Promise<Response>, Parameters<typeof fetch>>().mockRejectedValueOnce(new Error('reset')).mockResolvedValueOnce(refused).mockResolvedValueOnce(ok);
    await respond(ASKER, { Status: 'FAILED', PhysicalResourceId: 'Switch', Reason: 'x' }, put);
    expect(put).toHaveBeenCalledTimes(3);
  });

  test('fails in the end, without naming the address, which is a credential', async () => {
    const put = jest.fn<Promise<Response>, Parameters<typeof fetch>>().mockResolvedValue(refused);
    const message = await respond(ASKER, { Status: 'FAILED', PhysicalResourceId: 'Switch', Reason: 'x' }, put).then(() => '', String);
    expect(message).toContain('HTTP 500');
    expect(message).not.toContain('signature');
  });
});
