// Whether local.mk names every file of the browser's part: what it does not name is missing in a release's tarball and
// does not start a new build.
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const web = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const listed = fs.readFileSync(path.join(web, 'local.mk'), 'utf8').match(/\bweb\/[\w./-]+/g);
const made = new Set(['src/contract.ts']);
const files = ['src', 'build'].flatMap((folder) =>
  fs.readdirSync(path.join(web, folder), { recursive: true, withFileTypes: true })
    .filter((f) => f.isFile())
    .map((f) => path.relative(web, path.join(f.parentPath ?? f.path, f.name))));
const missing = files.filter((f) => !made.has(f) && !listed.includes(`web/${f}`));
for (const f of missing) console.error(`web/${f} is not in web/local.mk`);
process.exitCode = missing.length ? 1 : 0;
