"""Signs what schemathesis sends, as the last thing before it goes out: with a new nonce and the time of now, and otherwise as it was made up."""
import hashlib
import hmac
import json
import os
import re
import secrets
import time
from urllib.parse import urlsplit

import schemathesis
from requests.auth import AuthBase

ZEROS = '0' * 64
# A job and a credential that are there, so that not every checkout is of nothing.
KNOWN = {'worker_id': os.environ['WORKER_ID'], 'job_id': os.environ['JOB_ID'], 'credential_id': os.environ['CREDENTIAL_ID']}


class Signing(AuthBase):
    def __call__(self, request):
        try:
            fields = json.loads(request.body)
            fresh = {'timestamp': str(int(time.time())), 'nonce': secrets.token_urlsafe(16), 'hmac_signature': ZEROS}
            zeroed = json.dumps({name: fresh.get(name, KNOWN.get(name) if isinstance(value, str) else value) or value for name, value in fields.items()})
        except (AttributeError, TypeError, ValueError):
            return request
        url = urlsplit(request.url)
        read = json.loads(zeroed)
        lines = ['cdk-secure-core-worker-v1', 'POST', url.path, url.hostname, *(str(read.get(name)) for name in ('worker_id', 'timestamp', 'nonce')), hashlib.sha256(zeroed.encode()).hexdigest()]
        signature = hmac.new(os.environ['WORKER_KEY'].encode(), '\n'.join(lines).encode(), hashlib.sha256).hexdigest()
        request.body = re.sub(f'("hmac_signature": "){ZEROS}', lambda found: found[1] + signature, zeroed, count=1).encode()
        request.headers['Content-Length'] = str(len(request.body))
        return request


schemathesis.auth.set_from_requests(Signing())
