"""What docs/worker-protocol.md says of a request: its fields, its signature, and how the keys are derived."""
import base64
import hashlib
import hmac
import json
import re
import secrets

ZEROS = '0' * 64

# The patterns of the table "Sending".
FIELDS = {
    'version': '1',
    'worker_id': '[A-Za-z0-9][A-Za-z0-9._-]{0,63}',
    'timestamp': '[1-9][0-9]{9}',
    'nonce': '[A-Za-z0-9_-]{22,64}',
    'hmac_signature': '[0-9a-f]{64}',
    'key_id': '[A-Za-z0-9_-]{22}',
    'join_id': '[A-Za-z0-9_-]{22}',
    'task_proof': '[A-Za-z0-9_-]{1,3000}',
    'job_id': '[A-Za-z0-9][A-Za-z0-9._:-]{0,127}',
    'credential_id': '[A-Za-z0-9][A-Za-z0-9._-]{0,63}',
    'lease_id': '[A-Za-z0-9_-]{43}',
}
COMMON = ('version', 'worker_id', 'timestamp', 'nonce', 'hmac_signature')
# What each path has beside the common fields, and of what it may have one.
PATHS = {
    '/worker/register': ((), ('key_id', 'join_id', 'task_proof')),
    '/credentials/checkout': (('job_id', 'credential_id'), ('key_id',)),
    '/credentials/renew': (('job_id', 'credential_id', 'lease_id'), ('key_id',)),
    '/credentials/release': (('job_id', 'credential_id', 'lease_id'), ('key_id',)),
    '/worker/exit': ((), ('key_id',)),
}


class NotOfProtocol(Exception):
    """A field that no broker would take; its words hold no value."""


def fits(name, value):
    return isinstance(value, str) and re.fullmatch(FIELDS[name], value) is not None


def hmac_of(key, text):
    return hmac.new(key.encode('ascii'), text.encode('ascii'), hashlib.sha256)


def canonical(method, path, host, fields, zeroed):
    digest = hashlib.sha256(zeroed).hexdigest()
    return '\n'.join(['cdk-secure-core-worker-v1', method, path, host, fields['worker_id'], fields['timestamp'], fields['nonce'], digest])


def signature_of(key, path, host, fields, zeroed):
    return hmac_of(key, canonical('POST', path, host, fields, zeroed)).hexdigest()


def signed_body(key, path, host, fields, now):
    """A new request: its own nonce and timestamp each time."""
    whole = {'hmac_signature': ZEROS, 'version': '1', 'timestamp': str(int(now)), 'nonce': secrets.token_urlsafe(16), **fields}
    wrong = [name for name, value in whole.items() if not fits(name, value)]
    if wrong:
        raise NotOfProtocol('not of this protocol: ' + ', '.join(wrong))
    zeroed = json.dumps(whole).encode('ascii')
    return zeroed.replace(ZEROS.encode('ascii'), signature_of(key, path, host, whole, zeroed).encode('ascii'), 1)


def worker_key(master, worker_id, key_id):
    return hmac_of(master, '\n'.join(['worker-key', worker_id, key_id])).hexdigest()


def join_secret(master, worker_id, join_id):
    made = hmac_of(master, '\n'.join(['join', worker_id, join_id])).digest()
    return base64.urlsafe_b64encode(made).rstrip(b'=').decode('ascii')


def task_key(task_proof):
    return hashlib.sha256(task_proof.encode('ascii')).hexdigest()
