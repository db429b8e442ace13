"""Judges the vectors of the worker protocol as its page says, by Python's standard library alone."""
import base64
import hashlib
import hmac
import json
import re
import sys

ID = r'[A-Za-z0-9][A-Za-z0-9._-]{0,63}'
SHORT = r'[A-Za-z0-9_-]{22}'
FORMS = {
    'version': '1', 'worker_id': ID, 'timestamp': r'[1-9][0-9]{9}', 'nonce': r'[A-Za-z0-9_-]{22,64}', 'hmac_signature': r'[0-9a-f]{64}',
    'key_id': SHORT, 'join_id': SHORT, 'task_proof': r'[A-Za-z0-9_-]{1,3000}',
    'job_id': r'[A-Za-z0-9][A-Za-z0-9._:-]{0,127}', 'credential_id': ID, 'lease_id': r'[A-Za-z0-9_-]{43}',
}
COMMON = {'version', 'worker_id', 'timestamp', 'nonce', 'hmac_signature'}
LEASED = {'job_id', 'credential_id', 'lease_id'}
ROUTES = {
    '/worker/register': (set(), {'key_id', 'join_id', 'task_proof'}),
    '/credentials/checkout': ({'job_id', 'credential_id'}, {'key_id'}),
    '/credentials/renew': (LEASED, {'key_id'}),
    '/credentials/release': (LEASED, {'key_id'}),
    '/worker/exit': (set(), {'key_id'}),
}
ZEROS = '0' * 64


def sign(key, text):
    return hmac.new(key.encode(), text.encode(), hashlib.sha256).hexdigest()


def derive(what, master, worker, identifier):
    digest = hmac.new(master.encode(), '\n'.join([what, worker, identifier]).encode(), hashlib.sha256).digest()
    return digest.hex() if what == 'worker-key' else base64.urlsafe_b64encode(digest).decode().rstrip('=')


def once(pairs):
    fields = dict(pairs)
    if len(fields) != len(pairs):
        raise ValueError('a name stands there twice')
    return fields


def read(body, path):
    """The fields of a body, or None."""
    if len(body) < 2 or not re.fullmatch(rb'[\x20-\x5b\x5d-\x7e]*', body):
        return None
    try:
        fields = json.loads(body, object_pairs_hook=once)
    except ValueError:
        return None
    own, proofs = ROUTES[path]
    if not isinstance(fields, dict):
        return None
    given = set(fields) & proofs
    if set(fields) != COMMON | own | given or len(given) > 1:
        return None
    if not all(isinstance(value, str) and re.fullmatch(FORMS[name], value) for name, value in fields.items()):
        return None
    quoted = ('"%s"' % fields['hmac_signature']).encode()
    return None if fields['hmac_signature'] == ZEROS or body.count(quoted) != 1 else fields


def keys(fields, vectors):
    worker = fields['worker_id']
    if 'task_proof' in fields:
        return [hashlib.sha256(fields['task_proof'].encode()).hexdigest()]
    for name, what in (('key_id', 'worker-key'), ('join_id', 'join')):
        if name in fields:
            return [derive(what, master, worker, fields[name]) for master in vectors['master'].values()]
    return list(vectors['shared'].values())


def canonical_of(path, host, fields, body):
    zeroed = body.replace(b'"%s"' % fields['hmac_signature'].encode(), b'"%s"' % ZEROS.encode())
    digest = hashlib.sha256(zeroed).hexdigest()
    return zeroed.decode(), digest, '\n'.join(['cdk-secure-core-worker-v1', 'POST', path, host, fields['worker_id'], fields['timestamp'], fields['nonce'], digest])


def judge(vector, vectors):
    body = vector['body'].encode()
    path, _, query = vector['path'].partition('?')
    if path not in ROUTES or vector['method'] != 'POST':
        return 404, None
    if len(body) > 4096:
        return 413, None
    fields = read(body, path)
    if query or fields is None or not re.fullmatch(r'application/json(; charset=utf-8)?', vector['content_type']):
        return 400, None
    host = re.sub(r':[0-9]{1,5}\Z', '', vector['host'].lower())
    facts = canonical_of(path, host, fields, body)
    fits = any(hmac.compare_digest(sign(key, facts[2]), fields['hmac_signature']) for key in keys(fields, vectors))
    is_near = abs(int(vectors['now']) - int(fields['timestamp'])) <= int(vectors['window_seconds'])
    return (200 if fits and is_near and host == vectors['host'] else 401), facts


def main(source):
    with (sys.stdin if source == '-' else open(source, encoding='utf-8')) as file:
        vectors = json.load(file)
    for vector in vectors['valid']:
        expected = (200, (vector['body_with_zeros'], vector['body_sha256'], vector['canonical']))
        if judge(vector, vectors) != expected or sign(vector['key'], vector['canonical']) != vector['signature']:
            sys.exit('not taken: %s' % vector['name'])
    for vector in vectors['invalid']:
        status, _ = judge(vector, vectors)
        if status != vector['status']:
            sys.exit('%d in the place of %d: %s' % (status, vector['status'], vector['name']))
    for vector in vectors['derived']:
        if derive(vector['what'], vector['master'], vector['worker_id'], vector['id']) != vector['key']:
            sys.exit('another %s: %s' % (vector['what'], vector['id']))
    print('%d valid, %d invalid, %d derived' % tuple(len(vectors[part]) for part in ('valid', 'invalid', 'derived')))


main(sys.argv[1])
