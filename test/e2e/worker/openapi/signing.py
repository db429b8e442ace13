"""Signs what schemathesis sends, as the last thing before it goes out: with a new nonce and the time of now, and otherwise as it was made up."""
import hashlib
import hmac
import json
import os
import re
import secrets
import time
from urllib.parse import urlsplit

import requests
import schemathesis
from requests.auth import AuthBase

ZEROS = '0' * 64
TIMEOUT_SECONDS = 30
# A job and a credential that are there, so that not every checkout is of nothing.
KNOWN = {'worker_id': os.environ['WORKER_ID'], 'job_id': os.environ['JOB_ID'], 'credential_id': os.environ['CREDENTIAL_ID']}


def signed(url, body, key):
    """Nothing where it is no object, and so cannot be signed."""
    try:
        fields = json.loads(body)
        fresh = {'timestamp': str(int(time.time())), 'nonce': secrets.token_urlsafe(16), 'hmac_signature': ZEROS}
        zeroed = json.dumps({name: fresh.get(name, KNOWN.get(name) if isinstance(value, str) else value) or value for name, value in fields.items()})
    except (AttributeError, TypeError, ValueError):
        return None
    read = json.loads(zeroed)
    where = urlsplit(url)
    lines = ['cdk-secure-core-worker-v1', 'POST', where.path, where.hostname, *(str(read.get(name)) for name in ('worker_id', 'timestamp', 'nonce')), hashlib.sha256(zeroed.encode()).hexdigest()]
    signature = hmac.new(key.encode(), '\n'.join(lines).encode(), hashlib.sha256).hexdigest()
    return re.sub(f'("hmac_signature": "){ZEROS}', lambda found: found[1] + signature, zeroed, count=1).encode()


class Signing(AuthBase):
    def __call__(self, request):
        body = signed(request.url, request.body, os.environ['WORKER_KEY'])
        if body is not None:
            request.body = body
            request.headers['Content-Length'] = str(len(body))
        return request


schemathesis.auth.set_from_requests(Signing())


@schemathesis.check
def only_with_the_key(_, response, case):
    """What is decided on for whoever has the key is 401 for whoever has another one."""
    if response.status_code not in (200, 403):
        return
    body = signed(response.request.url, response.request.body, secrets.token_urlsafe(32))
    answer = requests.post(response.request.url, data=body, headers={'Content-Type': 'application/json'}, timeout=TIMEOUT_SECONDS)
    if (answer.status_code, answer.json().get('error')) != (401, 'unauthenticated'):
        raise AssertionError(f'{case.method} {case.path} is answered {answer.status_code} where it is signed with another key')
