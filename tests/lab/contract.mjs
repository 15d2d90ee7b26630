// The endpoints as the program prints them for the tests: `contract-print --list`, built beside opsd.
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { program, tree } from './opsd.mjs';

const printer = [join(dirname(program), 'contract-print'), join(tree, 'contract-print')].find(existsSync);

export const operations = JSON.parse(execFileSync(printer, ['--list'], { encoding: 'utf8' })).operations.map((row) => ({
  ...row,
  is: (flag) => row.flags.includes(flag),
  fields: (place) => row.in.filter((field) => field.place === place),
}));

export const operation = (name) => {
  const row = operations.find((one) => one.name === name);
  if (!row) throw new Error(`the contract has no operation ${name}`);
  return row;
};

// What a row is asked with: `input` by field name, put where each field belongs. Fields that the row does not know are sent
// in the body (which is what the tests of refusals want).
export function requestOf(row, input = {}) {
  const rest = { ...input };
  const path = row.path.replace(/\{(\w+)\}/g, (_, name) => {
    const value = rest[name];
    delete rest[name];
    return encodeURIComponent(value ?? '1');
  });
  const query = new URLSearchParams();
  for (const field of row.fields('query')) {
    if (rest[field.name] !== undefined) query.append(field.name, String(rest[field.name]));
    delete rest[field.name];
  }
  const hasBody = row.method !== 'GET' && (row.fields('body').length > 0 || Object.keys(rest).length > 0);
  return { method: row.method, path: query.size ?? [...query].length ? `${path}?${query}` : path, body: hasBody ? rest : undefined };
}

export const roles = ['none', 'viewer', 'operator', 'admin'];
export const lowerRole = (role) => roles[roles.indexOf(role) - 1];
