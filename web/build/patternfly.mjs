// PatternFly's stylesheet, cut down to what the pages use: its tokens, its base, and of each component
// named here only the rules whose classes occur in a source file, then only the custom properties that
// a rule still reads.
import fs from 'node:fs';
import path from 'node:path';
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);
export const packageFolder = path.dirname(require.resolve('@patternfly/patternfly/package.json'));

const sheets = [
  'patternfly-base.css',
  'components/Alert/alert.css',
  'components/Alert/alert-group.css',
  'components/Breadcrumb/breadcrumb.css',
  'components/Button/button.css',
  'components/Check/check.css',
  'components/EmptyState/empty-state.css',
  'components/Form/form.css',
  'components/FormControl/form-control.css',
  'components/HelperText/helper-text.css',
  'components/Label/label.css',
  'components/Menu/menu.css',
  'components/MenuToggle/menu-toggle.css',
  'components/ModalBox/modal-box.css',
  'components/Progress/progress.css',
  'components/Radio/radio.css',
  'components/Skeleton/skeleton.css',
  'components/ToggleGroup/toggle-group.css',
];

// A block is { head, body: [declaration | block] }, a declaration { name, value }, anything else { text }.
function parse(css) {
  let at = 0;
  const text = css.replace(/\/\*[^]*?\*\//g, '');
  function block() {
    const body = [];
    let start = at;
    const declaration = (end) => {
      const raw = text.slice(start, end).trim();
      if (raw === '') return;
      const colon = raw.indexOf(':');
      body.push(raw.startsWith('@') ? { text: raw } : { name: raw.slice(0, colon).trim(), value: raw.slice(colon + 1).trim() });
    };
    for (; at < text.length; at++) {
      const c = text[at];
      if (c === '"' || c === "'") {
        at = text.indexOf(c, at + 1);
      } else if (c === '(') {
        for (let depth = 1; depth > 0;) {
          at++;
          if (text[at] === '(') depth++;
          if (text[at] === ')') depth--;
        }
      } else if (c === ';') {
        declaration(at);
        start = at + 1;
      } else if (c === '{') {
        const head = text.slice(start, at).trim();
        at++;
        body.push({ head, body: block() });
        start = at + 1;
      } else if (c === '}') {
        declaration(at);
        return body;
      }
    }
    return body;
  }
  return block();
}

// Splits a selector list at the commas that stand outside of brackets.
function split(list) {
  const parts = [];
  let depth = 0;
  let start = 0;
  for (let i = 0; i < list.length; i++) {
    if (list[i] === '(' || list[i] === '[') depth++;
    else if (list[i] === ')' || list[i] === ']') depth--;
    else if (list[i] === ',' && depth === 0) {
      parts.push(list.slice(start, i).trim());
      start = i + 1;
    }
  }
  return [...parts, list.slice(start).trim()];
}

// Can a selector match? Each class that it names must be used; of :is() and :where() one alternative
// suffices, what :not() excludes does not count. Only left-to-right pages exist here.
function usable(selector, used) {
  let rest = selector;
  for (;;) {
    const found = /:(is|where|not|has)\(/.exec(rest);
    if (!found) break;
    let end = found.index + found[0].length;
    for (let depth = 1; depth > 0; end++) {
      if (rest[end] === '(') depth++;
      if (rest[end] === ')') depth--;
    }
    const inner = rest.slice(found.index + found[0].length, end - 1);
    if (found[1] !== 'not' && !split(inner).some((s) => usable(s, used))) return false;
    rest = rest.slice(0, found.index) + rest.slice(end);
  }
  if (rest.includes('[dir=rtl]')) return false;
  return [...rest.matchAll(/\.(-?[_a-zA-Z][\w-]*)/g)].every((m) => used.has(m[1]));
}

const isRule = (head) => !head.startsWith('@') || head.startsWith('@starting-style');

function keepUsed(nodes, used) {
  return nodes.flatMap((node) => {
    if (!node.head) return [node];
    if (node.head.startsWith('@font-face') || node.head.startsWith('@charset')) return [];
    if (node.head.startsWith('@keyframes')) return [node];
    if (!isRule(node.head)) {
      const body = keepUsed(node.body, used);
      return body.length ? [{ head: node.head, body }] : [];
    }
    const heads = split(node.head).filter((s) => usable(s, used));
    const body = keepUsed(node.body, used);
    return heads.length && body.length ? [{ head: heads.join(','), body }] : [];
  });
}

function* declarations(nodes) {
  for (const node of nodes) {
    if (node.head) yield* declarations(node.body);
    else if (node.name) yield node;
  }
}

const references = (value) => [...value.matchAll(/var\(\s*(--[\w-]+)/g)].map((m) => m[1]);

function neededProperties(nodes, ownStyles) {
  const definitions = new Map();
  const needed = new Set();
  const queue = references(ownStyles);
  for (const { name, value } of declarations(nodes)) {
    if (!name.startsWith('--')) queue.push(...references(value));
    else definitions.set(name, [...(definitions.get(name) ?? []), ...references(value)]);
  }
  while (queue.length) {
    const name = queue.pop();
    if (needed.has(name)) continue;
    needed.add(name);
    queue.push(...(definitions.get(name) ?? []));
  }
  return needed;
}

function keepNeeded(nodes, needed) {
  return nodes.flatMap((node) => {
    if (node.name?.startsWith('--') && !needed.has(node.name)) return [];
    if (!node.head || node.head.startsWith('@keyframes')) return [node];
    const body = keepNeeded(node.body, needed);
    return body.length ? [{ head: node.head, body }] : [];
  });
}

const print = (nodes) => nodes.map((n) =>
  n.head ? `${n.head}{${print(n.body)}}` : n.name ? `${n.name}:${n.value};` : `${n.text};`).join('');

// sources: all text that may name a class; ownStyles: all stylesheets that may read a property.
export function cutDown(sources, ownStyles) {
  const used = new Set(sources.match(/[a-zA-Z_][\w-]*/g));
  const nodes = keepUsed(sheets.flatMap((s) => parse(fs.readFileSync(path.join(packageFolder, s), 'utf8'))), used);
  return print(keepNeeded(nodes, neededProperties(nodes, ownStyles + sources)));
}
