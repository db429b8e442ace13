/** More than 200 ordinary lines; output without line ends must not grow without bound either. */
const MAX_CHARACTERS = 64 * 1024;

/** The end of a text: what an error message shows of a program's output. */
export function lastLines(text: string, count: number): string {
  const ended = text.endsWith('\n');
  const lines = (ended ? text.slice(0, -1) : text).split('\n').slice(-count).join('\n');
  return (ended ? `${lines}\n` : lines).slice(-MAX_CHARACTERS);
}
