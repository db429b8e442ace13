"""Takes and refuses the vectors as docs/worker-protocol.md says that a broker does."""
import hmac
import json

import protocol as wp


class Refused(Exception):
    def __init__(self, status, error):
        super().__init__(error)
        self.answer = (str(status), error)


def malformed_unless(holds):
    if not holds:
        raise Refused(400, 'malformed')


def without_doubles(pairs):
    malformed_unless(len({name for name, _ in pairs}) == len(pairs))
    return dict(pairs)


def read_fields(path, body):
    malformed_unless(len(body) >= 2)
    malformed_unless(all(0x20 <= byte <= 0x7E and byte != 0x5C for byte in body))
    try:
        fields = json.loads(body, object_pairs_hook=without_doubles)
    except ValueError:
        raise Refused(400, 'malformed') from None
    malformed_unless(isinstance(fields, dict))
    required, one_of = wp.PATHS[path]
    needed = {*wp.COMMON, *required}
    more = set(fields) - needed
    malformed_unless(needed <= set(fields) and more <= set(one_of) and len(more) <= 1)
    malformed_unless(all(wp.fits(name, value) for name, value in fields.items()))
    malformed_unless(fields['hmac_signature'] != wp.ZEROS)
    malformed_unless(body.count(f'"{fields["hmac_signature"]}"'.encode('ascii')) == 1)
    return fields


def keys_of(broker, fields):
    """The keys with which a broker that has each way of signing would take this request."""
    if 'task_proof' in fields:
        return [wp.task_key(fields['task_proof'])]
    masters = broker['master'].values()
    if 'join_id' in fields:
        return [wp.join_secret(master, fields['worker_id'], fields['join_id']) for master in masters]
    if 'key_id' in fields:
        return [wp.worker_key(master, fields['worker_id'], fields['key_id']) for master in masters]
    return list(broker['shared'].values())


def zeroed_of(fields, body):
    return body.replace(f'"{fields["hmac_signature"]}"'.encode('ascii'), f'"{wp.ZEROS}"'.encode('ascii'))


def judge(broker, sent):
    """What a broker answers, as far as that needs no store."""
    path, _, query = sent['path'].partition('?')
    if path not in wp.PATHS or sent['method'] != 'POST':
        raise Refused(404, 'not-found')
    malformed_unless(query == '' and '?' not in sent['path'])
    malformed_unless(sent['content_type'] in ('application/json', 'application/json; charset=utf-8'))
    body = sent['body'].encode('utf-8')
    if len(body) > 4096:
        raise Refused(413, 'too-large')
    fields = read_fields(path, body)
    host = sent['host'].lower().split(':')[0]
    zeroed = zeroed_of(fields, body)
    age = int(broker['now']) - int(fields['timestamp'])
    proven = any(hmac.compare_digest(wp.signature_of(key, path, host, fields, zeroed), fields['hmac_signature']) for key in keys_of(broker, fields))
    if not proven or host != broker['host'] or abs(age) > int(broker['window_seconds']):
        raise Refused(401, 'unauthenticated')
    return fields, host, zeroed


def answer_of(broker, sent):
    try:
        judge(broker, sent)
    except Refused as refused:
        return refused.answer
    return ('200', None)


def valid_fault(broker, vector):
    """The first step at which we and a valid vector part."""
    fields = json.loads(vector['body'])
    zeroed = vector['body_with_zeros'].encode('ascii')
    host = vector['host'].lower().split(':')[0]
    steps = {
        'answer': (answer_of(broker, vector), ('200', None)),
        'body_with_zeros': (zeroed_of(fields, vector['body'].encode('ascii')), zeroed),
        'canonical': (wp.canonical(vector['method'], vector['path'], host, fields, zeroed), vector['canonical']),
        'body_sha256': (vector['canonical'].split('\n')[-1], vector['body_sha256']),
        'signature': (wp.hmac_of(vector['key'], vector['canonical']).hexdigest(), vector['signature']),
        'hmac_signature': (fields['hmac_signature'], vector['signature']),
    }
    return next((step for step, (ours, theirs) in steps.items() if ours != theirs), None)


def derived_fault(vector):
    derive = {'worker-key': wp.worker_key, 'join': wp.join_secret}[vector['what']]
    return None if derive(vector['master'], vector['worker_id'], vector['id']) == vector['key'] else 'key'


def check(file):
    """How many vectors there are of each part, and the names of those at which we and they part."""
    with open(file, encoding='utf-8') as opened:
        broker = json.load(opened)
    faults = [f'{vector["name"]}: {fault}' for vector in broker['valid'] if (fault := valid_fault(broker, vector)) is not None]
    for vector in broker['invalid']:
        answer = answer_of(broker, vector)
        if answer != (str(vector['status']), vector['error']):
            faults.append(f'{vector["name"]}: {answer[0]}')
    faults += [f'{vector["what"]} of {vector["worker_id"]}: {fault}' for vector in broker['derived'] if (fault := derived_fault(vector)) is not None]
    return {'valid': len(broker['valid']), 'invalid': len(broker['invalid']), 'derived': len(broker['derived']), 'faults': faults}
