import { setImmediate as turn } from 'node:timers/promises';
import { LineOutput } from '../../../../src/runtime/gate/audit/output';
import { TestPipe } from '../../../support/audit';

const code = (name: string): Error => Object.assign(new Error('x'), { code: name });

test('lines of one turn go out in one write, in their order', async () => {
  const pipe = new TestPipe();
  for (let line = 0; line < 100; line += 1) pipe.output.write(`${line}\n`);
  expect([pipe.writes, pipe.output.waitingLines, pipe.output.waitingBytes]).toEqual([0, 100, 290]);
  await turn();
  expect(pipe.writes).toBe(1);
  expect(pipe.text).toBe(Array.from({ length: 100 }, (_, line) => `${line}\n`).join(''));
  expect([pipe.output.waitingLines, pipe.output.waitingBytes]).toEqual([0, 0]);
});

test('what finds no room waits, whole and in order, and whoever waits for room is told', async () => {
  const pipe = new TestPipe();
  pipe.state = 'full';
  pipe.output.write('one\n');
  await turn();
  pipe.output.write('zwö\n');
  expect([pipe.text, pipe.output.waitingLines, pipe.output.waitingBytes]).toEqual(['', 2, 9]);
  const drained = new Promise<void>((resolve) => pipe.output.onDrain(() => { if (pipe.output.waitingBytes === 0) resolve(); }));
  pipe.state = 'read';
  await drained;
  expect(pipe.text).toBe('one\nzwö\n');
});

test('a write that takes one byte at a time loses and doubles nothing, also beyond what a pipe holds', async () => {
  const given = Array.from({ length: 3000 }, (_, line) => `${line} ${'ö'.repeat(line % 60)}\n`).join('');
  const taken: Buffer[] = [];
  let turns = 0;
  const output = new LineOutput((bytes, offset) => {
    turns += 1;
    if (turns % 1000 === 0) throw code('EAGAIN');
    const size = Math.min(1 + (turns % 97), bytes.length - offset);
    taken.push(Buffer.from(bytes.subarray(offset, offset + size)));
    return size;
  });
  for (const line of given.split(/(?<=\n)/)) output.write(line);
  await output.end();
  expect(Buffer.concat(taken).toString() === given).toBe(true);
});

test('where nobody reads, all waits without end, nothing throws, and the end says so', async () => {
  const pipe = new TestPipe();
  pipe.state = 'broken';
  pipe.output.write('one\n');
  expect(pipe.output.waitingBytes).toBe(4);
  await turn();
  expect([pipe.output.waitingBytes, pipe.output.waitingLines]).toEqual([Infinity, 1]);
  expect(() => pipe.output.write('two\n')).not.toThrow();
  await expect(pipe.output.end()).rejects.toThrow('Nobody takes what the gate says.');
});

test('a disk that was full gets all of it once it has room', async () => {
  const pipe = new TestPipe();
  pipe.state = 'broken';
  pipe.output.write('one\n');
  await turn();
  pipe.state = 'read';
  const drained = new Promise<void>((resolve) => pipe.output.onDrain(resolve));
  await drained;
  expect([pipe.text, pipe.output.waitingBytes]).toEqual(['one\n', 0]);
});

test('the end waits for what was given before it, and for nothing where nothing was; what is given later is told nobody', async () => {
  await new TestPipe().output.end();
  const pipe = new TestPipe();
  pipe.output.write('one\n');
  const ended = pipe.output.end();
  pipe.output.write('two\n');
  await ended;
  pipe.output.write('three\n');
  await turn();
  expect([pipe.text, pipe.output.waitingLines]).toEqual(['one\n', 0]);
});

test('the end does not wait for a reader that takes nothing, and waits for a slow one as long as he takes some', async () => {
  jest.useFakeTimers();
  try {
    const stuck = new TestPipe();
    stuck.state = 'full';
    stuck.output.write('one\n');
    const failed = expect(stuck.output.end()).rejects.toThrow('Nobody takes what the gate says.');
    await jest.advanceTimersByTimeAsync(1100);
    await failed;

    let taken = '';
    let isTaking = true;
    const slow = new LineOutput((bytes, offset) => {
      if (!isTaking) throw code('EAGAIN');
      isTaking = false;
      taken += bytes.subarray(offset, offset + 1).toString();
      return 1;
    });
    slow.write('slow\n');
    const ended = slow.end();
    for (let half = 0; half < 12; half += 1) {
      await jest.advanceTimersByTimeAsync(500);
      isTaking = true;
    }
    await ended;
    expect(taken).toBe('slow\n');
  } finally {
    jest.useRealTimers();
  }
});

test('when the process ends, what waits goes out at once, and nobody waits long for a reader that takes nothing', async () => {
  const pipe = new TestPipe();
  pipe.output.write('one\n');
  pipe.output.writeRest();
  expect(pipe.text).toBe('one\n');
  pipe.state = 'full';
  pipe.output.write('two\n');
  pipe.output.writeRest();
  expect(pipe.text).toBe('one\n');
  pipe.state = 'read';
  await pipe.output.end();
  expect(pipe.text).toBe('one\ntwo\n');
});
