/**
 * What runs inside the namespaces: it builds them from a specification, listens in each, and dials from each when told to through a
 * socket in the file system. One process does it all, since a socket stays in the namespace that it was made in. It is text because the
 * command line is one bundled file, and Python because Node cannot change its namespace; the drill's tools need Python anyway.
 *
 * Nothing here is ever silent: a packet that is not let through is answered with "administratively prohibited". AWS drops it without a word, and
 * whoever waits for nothing cannot tell a lost packet from a refused one. So silence is reported as silence, and proves nothing.
 */
export const AGENT = `
import ctypes, errno, json, os, selectors, signal, socket, ssl, struct, subprocess, sys, time

spec = json.load(open(sys.argv[1]))
libc = ctypes.CDLL(None, use_errno=True)
CLONE_NEWNET = 0x40000000
DEADLINE = 3.0
signal.signal(signal.SIGTERM, lambda *_: os._exit(0))

# Before /run is covered: the folder may be anywhere.
control = socket.socket(socket.AF_UNIX)
control.bind(spec['socket'])

def run(arguments, text):
    done = subprocess.run(arguments, input=text, text=True, capture_output=True)
    if done.returncode:
        sys.exit(arguments[0] + ' said: ' + done.stderr.strip())

def enter(name):
    fd = os.open('/run/netns/' + name, os.O_RDONLY)
    if libc.setns(fd, CLONE_NEWNET):
        sys.exit('setns failed: ' + os.strerror(ctypes.get_errno()))
    os.close(fd)

def set_kernel(path, value):
    try:
        with open('/proc/sys/net/ipv4/' + path, 'w') as file:
            file.write(value)
    except FileNotFoundError:
        pass

run(['mount', '-t', 'tmpfs', 'tmpfs', '/run'], '')
os.mkdir('/run/netns')
run(['ip', '-batch', '-'], ''.join('netns add %s\\n' % one['name'] for one in spec['namespaces']))
for one in spec['namespaces']:
    enter(one['name'])
    for path, value in (('icmp_ratelimit', '0'), ('icmp_msgs_per_sec', '1000000'), ('icmp_msgs_burst', '100000'), ('conf/all/rp_filter', '0'), ('conf/default/rp_filter', '0')):
        set_kernel(path, value)
    if one.get('forwards'):
        set_kernel('ip_forward', '1')
for one in spec['namespaces']:
    run(['ip', '-n', one['name'], '-batch', '-'], '\\n'.join(one['ip']) + '\\n')
    if one.get('nft'):
        enter(one['name'])
        run(['nft', '-f', '-'], one['nft'])
for program in spec['programs']:
    enter(program['namespace'])
    subprocess.Popen(program['command'], stdin=subprocess.DEVNULL)
    deadline = time.monotonic() + 20
    while True:
        probe = socket.socket()
        if probe.connect_ex(('127.0.0.1', program['port'])) == 0:
            break
        if time.monotonic() > deadline:
            sys.exit(program['command'][0] + ' did not come up')
        time.sleep(0.05)

watched = selectors.DefaultSelector()

def answer(name):
    def accept(listener):
        try:
            peer, _ = listener.accept()
        except OSError:
            return
        peer.setblocking(False)
        watched.register(peer, selectors.EVENT_READ, said)
    def said(peer):
        watched.unregister(peer)
        try:
            heard = peer.recv(4096)
            if heard.startswith(b'GET '):
                peer.send(('HTTP/1.1 200 OK\\r\\ncontent-length: %d\\r\\nconnection: close\\r\\n\\r\\n%s' % (len(name), name)).encode())
            elif heard:
                peer.send(name.encode())
        except OSError:
            pass
        peer.close()
    return accept

for one in spec['listeners']:
    enter(one['namespace'])
    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind((one['address'], one['port']))
    listener.listen(512)
    listener.setblocking(False)
    watched.register(listener, selectors.EVENT_READ, answer(one['name']))

def matches(pattern, name):
    return pattern == '*' or (name.endswith(pattern[1:]) if pattern.startswith('*.') else name == pattern)

def resolve(resolver):
    question, caller = resolver.recvfrom(1500)
    labels, at = [], 12
    while question[at]:
        labels.append(question[at + 1:at + 1 + question[at]].decode())
        at += question[at] + 1
    name = '.'.join(labels).lower()
    rule = next((rule for rule in spec['names'] if any(matches(pattern, name) for pattern in rule['names'])), None)
    head = question[:2]
    asked = question[12:at + 5]
    if rule and rule['action'] == 'block':
        reply = head + struct.pack('>HHHHH', 0x8183, 1, 0, 0, 0) + asked
    else:
        reply = head + struct.pack('>HHHHH', 0x8180, 1, 1, 0, 0) + asked + b'\\xc0\\x0c' + struct.pack('>HHIH', 1, 1, 60, 4) + socket.inet_aton(spec['stranger'])
    resolver.sendto(reply, caller)

enter(spec['router'])
resolver = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
resolver.bind((spec['resolver'], 53))
resolver.setblocking(False)
watched.register(resolver, selectors.EVENT_READ, resolve)

def hello(name):
    inside, outside = ssl.MemoryBIO(), ssl.MemoryBIO()
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    try:
        context.wrap_bio(inside, outside, server_hostname=name).do_handshake()
    except ssl.SSLWantReadError:
        pass
    return outside.read()

def payload(speaks, name):
    if speaks == 'tls':
        return hello(name)
    if speaks == 'http':
        return ('GET / HTTP/1.1\\r\\nhost: %s\\r\\n\\r\\n' % name).encode()
    if speaks == 'dns':
        labels = b''.join(bytes([len(part)]) + part.encode() for part in name.split('.'))
        return struct.pack('>HHHHHH', 7, 0x0100, 1, 0, 0, 0) + labels + b'\\0' + struct.pack('>HH', 1, 1)
    return b'who is there?\\r\\n'

class Dial:
    def __init__(self, order, finished):
        self.order, self.finished, self.connected = order, finished, False
        enter(order['namespace'])
        self.datagram = order.get('speaks') == 'dns'
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM if self.datagram else socket.SOCK_STREAM)
        self.socket.setblocking(False)
        self.deadline = time.monotonic() + DEADLINE
        try:
            if order.get('source'):
                self.socket.bind((order['source'], 0))
            code = self.socket.connect_ex((order['address'], order['port']))
        except OSError as error:
            sys.exit('a dial from %s could not be made: %s' % (order['namespace'], error))
        if code not in (0, errno.EINPROGRESS):
            self.end(self.named(code))
        else:
            watched.register(self.socket, selectors.EVENT_WRITE, self.ready)

    def named(self, code):
        if code == errno.ECONNREFUSED:
            return 'refused'
        return 'unreachable' if code in (errno.EHOSTUNREACH, errno.ENETUNREACH, errno.EACCES, errno.EPERM) else 'silent'

    def ready(self, _):
        if not self.connected:
            code = self.socket.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
            if code:
                return self.end(self.named(code))
            self.connected = True
            watched.modify(self.socket, selectors.EVENT_READ, self.ready)
            try:
                self.socket.send(payload(self.order.get('speaks'), self.order.get('name')))
            except OSError as error:
                self.end(self.named(error.errno) if self.datagram else 'closed')
            return
        try:
            heard = self.socket.recv(4096)
        except OSError as error:
            return self.end(self.named(error.errno) if self.datagram else 'closed')
        if self.datagram:
            self.end('answered' if heard[3] & 15 == 0 and heard[7] else 'closed')
        elif not heard:
            self.end('closed')
        else:
            self.end('answered', heard.decode('latin-1'))

    def end(self, outcome, heard=''):
        try:
            watched.unregister(self.socket)
        except KeyError:
            pass
        self.socket.close()
        self.finished(outcome, heard)

def dial_all(orders):
    results, running = [None] * len(orders), set()
    def finisher(index):
        def finished(outcome, heard):
            results[index] = {'outcome': outcome, 'heard': heard}
        return finished
    waiting = list(enumerate(orders))
    while waiting or running:
        while waiting and len(running) < 256:
            index, order = waiting.pop(0)
            running.add((index, Dial(order, finisher(index))))
        turn(0.1)
        for index, dial in list(running):
            if results[index] is None and time.monotonic() > dial.deadline:
                dial.end('silent')
            if results[index] is not None:
                running.discard((index, dial))
    return results

def turn(seconds):
    for key, _ in watched.select(seconds):
        # One that came earlier in the same turn may have closed it.
        if key.fileobj.fileno() >= 0:
            key.data(key.fileobj)

control.listen(8)
while True:
    # Listeners are served while a dial runs, and nobody dials otherwise.
    peer, _ = control.accept()
    with peer, peer.makefile('rw') as stream:
        line = stream.readline()
        if line:
            stream.write(json.dumps(dial_all(json.loads(line))) + '\\n')
            stream.flush()
`;
