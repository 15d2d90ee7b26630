// Builds the browser's part into web/dist: files under hashed names, each with its gzip beside it, and
// assets.c.in, the C table of them (server/http/asset.h) whose bytes the assembler takes in.
//   node build.mjs [--out FOLDER] [--watch]
import crypto from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import zlib from 'node:zlib';
import { fileURLToPath } from 'node:url';
import * as esbuild from 'esbuild';
import { cutDown, packageFolder } from './build/patternfly.mjs';
import { table } from './build/table.mjs';
import { licenses } from './build/licenses.mjs';

const here = path.dirname(fileURLToPath(import.meta.url));
const option = (name) => process.argv[process.argv.indexOf(name) + 1];
const out = process.argv.includes('--out') ? path.resolve(option('--out')) : path.join(here, 'dist');
const fresh = `${out}.new`;

const types = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.txt': 'text/plain; charset=utf-8',
  '.woff2': 'font/woff2',
};

function read(folder, endings) {
  return fs.readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((f) => f.isFile() && endings.includes(path.extname(f.name)))
    .map((f) => fs.readFileSync(path.join(f.parentPath ?? f.path, f.name), 'utf8')).join('\n');
}

const patternfly = {
  name: 'patternfly',
  setup(build) {
    build.onResolve({ filter: /^patternfly$/ }, () => ({ path: 'patternfly', namespace: 'patternfly' }));
    build.onResolve({ filter: /^patternfly-font:/ }, (args) => ({
      path: path.join(packageFolder, 'assets/fonts', args.path.slice('patternfly-font:'.length)),
    }));
    build.onLoad({ filter: /.*/, namespace: 'patternfly' }, () => ({
      contents: cutDown(read(path.join(here, 'src'), ['.ts', '.tsx', '.html']), read(path.join(here, 'src'), ['.css'])),
      loader: 'css',
    }));
  },
};

async function bundle() {
  const result = await esbuild.build({
    absWorkingDir: here,
    entryPoints: { app: 'src/main.tsx', theme: 'src/theme-early.ts', icon: 'src/icon.svg' },
    outdir: path.join(fresh, 'assets'),
    entryNames: '[name]-[hash]',
    assetNames: '[name]-[hash]',
    publicPath: '/assets',
    bundle: true,
    format: 'esm',
    target: ['es2022', 'chrome111', 'firefox114', 'safari16.4'],
    jsx: 'automatic',
    jsxImportSource: 'preact',
    minify: true,
    legalComments: 'none',
    loader: { '.woff2': 'file', '.svg': 'copy' },
    plugins: [patternfly],
    metafile: true,
    logLevel: 'warning',
  });
  const named = {};
  for (const [file, { entryPoint, cssBundle }] of Object.entries(result.metafile.outputs)) {
    if (entryPoint) named[path.parse(entryPoint).name] = path.basename(file);
    if (cssBundle) named.style = path.basename(cssBundle);
    if (/RedHatTextVF-[A-Z0-9]+\.woff2$/.test(file)) named.font = path.basename(file);
  }
  return named;
}

function page(named) {
  const html = fs.readFileSync(path.join(here, 'src/index.html'), 'utf8')
    .replace(/\{\{([\w-]+)\}\}/g, (_, name) => {
      if (!named[name]) throw new Error(`index.html names ${name}, which the build has not made`);
      return `/assets/${named[name]}`;
    });
  fs.writeFileSync(path.join(fresh, 'index.html'), html);
}

function assets() {
  const files = fs.readdirSync(fresh, { recursive: true, withFileTypes: true })
    .filter((f) => f.isFile())
    .map((f) => path.relative(fresh, path.join(f.parentPath ?? f.path, f.name)))
    .sort();
  return files.map((file) => {
    const bytes = fs.readFileSync(path.join(fresh, file));
    const gzip = zlib.gzipSync(bytes, { level: 9 });
    const saves = gzip.length < bytes.length * 0.95;
    if (saves) fs.writeFileSync(path.join(fresh, `${file}.gz`), gzip);
    const type = types[path.extname(file)];
    if (!type) throw new Error(`no Content-Type is known for ${file}`);
    return {
      file, type, gzip: saves, immutable: file.startsWith('assets/'), size: bytes.length, gzipSize: gzip.length,
      etag: crypto.createHash('sha256').update(bytes).digest('hex').slice(0, 16),
    };
  });
}

async function build() {
  fs.rmSync(fresh, { recursive: true, force: true });
  fs.mkdirSync(fresh, { recursive: true });
  page(await bundle());
  fs.writeFileSync(path.join(fresh, 'licenses.txt'), licenses(here));
  const rows = assets();
  fs.writeFileSync(path.join(fresh, 'assets.c.in'), table(rows));
  fs.rmSync(out, { recursive: true, force: true });
  fs.renameSync(fresh, out);
  const sum = rows.reduce((n, r) => n + (r.gzip ? r.gzipSize : r.size), 0);
  console.log(`${path.relative(process.cwd(), out) || '.'}: ${rows.length} files, ${Math.round(sum / 1024)} KB compressed`);
}

await build();
if (process.argv.includes('--watch')) {
  let timer;
  fs.watch(path.join(here, 'src'), { recursive: true }, () => {
    clearTimeout(timer);
    timer = setTimeout(() => build().catch((e) => console.error(e.message)), 50);
  });
}
