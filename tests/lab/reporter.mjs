// A reporter for node:test: flat TAP, one line a test, said as soon as it is known, with the whole reason under a failure.
// Suites are no tests of their own; their names stand before those of what is in them.
import { relative } from 'node:path';

const indent = (text) => String(text).split('\n').map((line) => `#   ${line}`).join('\n');

function reason(error) {
  if (!error) return 'no reason given';
  const cause = error.cause instanceof Error ? error.cause : error;
  const stack = (cause.stack ?? String(cause)).split('\n').filter((line) => !/node:internal/.test(line)).join('\n');
  const differs = cause.code === 'ERR_ASSERTION' ? `\nexpected: ${JSON.stringify(cause.expected)}\nactual:   ${JSON.stringify(cause.actual)}` : '';
  return stack + differs;
}

export default async function* tap(source) {
  let count = 0;
  const path = [];
  for await (const { type, data } of source) {
    if (type === 'test:start') {
      path.length = data.nesting;
      path[data.nesting] = data.name;
    }
    if (type === 'test:diagnostic' && data.nesting > 0) yield `# ${data.message}\n`;
    if (type === 'test:stdout' || type === 'test:stderr') yield `${indent(data.message.trimEnd())}\n`;
    if (type !== 'test:pass' && type !== 'test:fail') continue;
    const isSuite = data.details?.type === 'suite';
    // a suite, or a file, fails because of what is in it, and that was said; but for its own hooks
    const because = data.details?.error?.failureType;
    if (type === 'test:pass' && isSuite) continue;
    if (type === 'test:fail' && because === 'subtestsFailed') continue;
    const above = path.slice(0, data.nesting).filter((name) => name && !name.endsWith('.mjs'));
    const name = [...above, /\.mjs$/.test(data.name) ? relative(process.cwd(), data.name) : data.name].join(' › ').replaceAll('#', '\\#');
    const skip = data.skip !== undefined && data.skip !== false ? ` # SKIP ${data.skip === true ? '' : data.skip}` : '';
    const ms = Math.round(data.details?.duration_ms ?? 0);
    yield `${type === 'test:pass' ? 'ok' : 'not ok'} ${++count} - ${name}${skip}${skip ? '' : ` (${ms} ms)`}\n`;
    if (type === 'test:fail') yield `${indent(reason(data.details?.error))}\n`;
  }
  yield `1..${count}\n`;
}
