"""A worker, written from docs/worker-protocol.md alone and with the standard library only. It prints one JSON line, and no credential.

Keys come by standard input, one a line: the shared key or the join token first, then what the secret store tells when it is asked anew.
"""
import argparse
import hashlib
import http.client
import json
import os
import random
import ssl
import sys
import tempfile
import time
import urllib.parse

import protocol as wp
import vectors

# The broker's window is 60 seconds or less: a clock that is off by less than this is none of the reasons for a 401.
CLOCK_OFF_SECONDS = 2
# The broker answers within 10 seconds, in less than this, and names no longer wait.
TIMEOUT_SECONDS = 15
MAX_ANSWER_BYTES = 64 * 1024
LONGEST_WAIT_SECONDS = 60
NOT_REACHED = 0
# Without one, the firewall in front of the broker blocks a request.
USER_AGENT = 'python-worker'
ROUTES = {
    'register': '/worker/register',
    'checkout': '/credentials/checkout',
    'renew': '/credentials/renew',
    'release': '/credentials/release',
    'exit': '/worker/exit',
}
# What a checkout tells beside the credential, and the other answers beside the key.
TOLD = ('worker_id', 'expires_at', 'lease_seconds', 'key_id', 'lease_id', 'renewable_until')


class Fault(Exception):
    """A reason to stop, in words that hold no value."""


class Keys:
    """What this worker signs with: its own key where it has one, otherwise what standard input tells."""

    def __init__(self, lines, own_key_file):
        self.lines = lines
        self.file = own_key_file
        self.text = ''
        self.own = None
        if own_key_file is not None and os.path.exists(own_key_file):
            with open(own_key_file, encoding='ascii') as kept:
                self.own = json.load(kept)
        else:
            self.read_anew()

    def read_anew(self):
        """Whether there is another key than before."""
        line = self.lines.readline().strip()
        if line in ('', self.text):
            return False
        self.text = line
        return True

    def keep(self, answer):
        """The own key, in a file that only this user reads: it has to outlive this process, and is told once."""
        self.own = {'key_id': answer['key_id'], 'worker_key': answer['worker_key']}
        handle, beside = tempfile.mkstemp(dir=os.path.dirname(os.path.abspath(self.file)))
        with open(handle, 'w', encoding='ascii') as kept:
            json.dump(self.own, kept)
        os.replace(beside, self.file)

    def for_request(self):
        """The key, and the field that names it."""
        if self.own is not None:
            return self.own['worker_key'], {'key_id': self.own['key_id']}
        join_id, point, secret = self.text.partition('.')
        if point and self.file is None:
            raise Fault('with a join token there has to be a place for the own key: --own-key')
        return (secret, {'join_id': join_id}) if point else (self.text, {})


class Worker:
    def __init__(self, options, keys):
        url = urllib.parse.urlsplit(options.url)
        if url.scheme != 'https' or url.hostname is None or url.query or url.path.strip('/'):
            raise Fault('the url has to be https://<host>, without a path')
        self.host = url.hostname.lower()
        self.authority = url.netloc
        self.address = (self.host, url.port or 443)
        if options.connect is not None:
            name, _, port = options.connect.rpartition(':')
            self.address = (name, int(port))
        self.tls = ssl.create_default_context(cafile=options.ca)
        self.tls.minimum_version = ssl.TLSVersion.TLSv1_3
        self.keys = keys
        self.worker_id = options.worker
        self.again = options.again
        self.clock_offset = options.clock_error
        self.asked_at = 0.0
        self.requests = 0

    def open(self):
        connection = http.client.HTTPConnection(*self.address, timeout=TIMEOUT_SECONDS)
        connection.connect()
        connection.sock = self.tls.wrap_socket(connection.sock, server_hostname=self.host)
        return connection

    def send_once(self, path, fields):
        """One new request. http.client follows no redirect and asks no proxy."""
        key, named = self.keys.for_request()
        self.asked_at = time.time()
        body = wp.signed_body(key, path, self.host, {'worker_id': self.worker_id, **named, **fields}, self.asked_at + self.clock_offset)
        self.requests += 1
        connection = self.open()
        try:
            connection.request('POST', path, body=body, headers={'Host': self.authority, 'Content-Type': 'application/json', 'User-Agent': USER_AGENT})
            answer = connection.getresponse()
            return answer.status, answer.getheader('retry-after'), answer.read(MAX_ANSWER_BYTES)
        finally:
            connection.close()

    def send(self, path, fields):
        """Until the broker has decided, or it was asked often enough."""
        for turn in range(self.again + 1):
            try:
                status, retry_after, body = self.send_once(path, fields)
            except ssl.SSLCertVerificationError:
                raise Fault('the certificate of the broker was not verified') from None
            except (OSError, http.client.HTTPException):
                status, retry_after, body = NOT_REACHED, None, b''
            if status not in (NOT_REACHED, 429) and status < 500:
                break
            wait = int(retry_after) if retry_after is not None and retry_after.isdecimal() else 2**turn
            if turn == self.again or wait > LONGEST_WAIT_SECONDS:
                break
            time.sleep(wait + random.random())
        if status == NOT_REACHED:
            raise Fault('the broker was not reached')
        return status, read_answer(status, body)

    def set_clock(self, answer):
        """Whether the broker's clock, which is told under TLS, shows that ours was the reason."""
        if not wp.fits('timestamp', answer.get('time')):
            return False
        told, now = int(answer['time']), time.time()
        # It was written some time between the request and now, which may be long.
        if self.asked_at - CLOCK_OFF_SECONDS <= told - self.clock_offset <= now + CLOCK_OFF_SECONDS:
            return False
        self.clock_offset = told - now
        return True

    def read_key_anew(self, _):
        return self.keys.own is None and self.keys.read_anew()

    def register_again(self, _):
        return self.keys.own is None and self.ask('register', {})[0] == 200

    def ask(self, command, fields):
        """Sends again, signed anew, where a 401 has a reason that can be mended: each of them once."""
        remedies = [self.set_clock, self.read_key_anew]
        # Of a lease that is refused, registering makes no other one, and ends the worker's others.
        if command == 'checkout':
            remedies.append(self.register_again)
        status, answer = self.send(ROUTES[command], fields)
        for remedy in remedies:
            if status == 401 and remedy(answer):
                status, answer = self.send(ROUTES[command], fields)
        if status == 200 and command == 'register' and 'worker_key' in answer:
            self.keys.keep(answer)
        return status, answer


def read_answer(status, body):
    """An answer that is not the broker's (a load balancer's, say) has no fields."""
    try:
        answer = json.loads(body)
    except ValueError:
        answer = None
    if isinstance(answer, dict):
        return answer
    if status == 200:
        raise Fault('an answer that is no JSON object')
    return {}


def told(status, answer, expected):
    """What may be printed: of a credential only its kind, and whether it is the one that the caller knows already."""
    line = {'status': status, **{name: answer[name] for name in (*TOLD, 'error') if name in answer}}
    credential = answer.get('credential')
    if isinstance(credential, dict):
        line['kind'] = credential.get('kind')
        if expected is not None:
            line['expected'] = hashlib.sha256(json.dumps(credential, sort_keys=True, separators=(',', ':')).encode('ascii')).hexdigest() == expected
    return line


def arguments():
    parser = argparse.ArgumentParser(description='A worker of the broker. The shared key or the join token is read from standard input.')
    parser.add_argument('command', nargs='?', choices=tuple(ROUTES))
    parser.add_argument('--vectors', metavar='FILE', help='check these vectors, and send nothing')
    parser.add_argument('--url', help='https://<host>[:<port>] of the broker')
    parser.add_argument('--connect', metavar='ADDRESS:PORT', help='where that host is reached, if not by its name')
    parser.add_argument('--ca', metavar='FILE', help='certificates that are trusted, in PEM')
    parser.add_argument('--worker')
    parser.add_argument('--own-key', metavar='FILE', help="where this worker's own key is kept between calls")
    parser.add_argument('--job')
    parser.add_argument('--credential')
    parser.add_argument('--lease')
    parser.add_argument('--expect', metavar='SHA256', help='of the credential as JSON with sorted names and without blanks')
    parser.add_argument('--again', type=int, default=3, metavar='TIMES', help='how often a request is sent anew that was not decided')
    parser.add_argument('--clock-error', type=float, default=0, metavar='SECONDS', help='by which our clock is wrong: for tests')
    options = parser.parse_args()
    if options.vectors is None and None in (options.command, options.url, options.worker):
        parser.error('a command, --url and --worker are needed')
    return options


def main():
    options = arguments()
    if options.vectors is not None:
        result = vectors.check(options.vectors)
        print(json.dumps(result))
        return 1 if result['faults'] else 0
    try:
        worker = Worker(options, Keys(sys.stdin, options.own_key))
        asked = {'job_id': options.job, 'credential_id': options.credential, 'lease_id': options.lease}
        status, answer = worker.ask(options.command, {name: value for name, value in asked.items() if value is not None})
    except (Fault, wp.NotOfProtocol) as fault:
        print(json.dumps({'fault': str(fault)}))
        return 1
    clock = {'clock_corrected_by': round(worker.clock_offset - options.clock_error)} if worker.clock_offset != options.clock_error else {}
    print(json.dumps({**told(status, answer, options.expect), 'requests': worker.requests, **clock}))
    return 0 if status == 200 else 1


if __name__ == '__main__':
    sys.exit(main())
