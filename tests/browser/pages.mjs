// A real Chromium on a real opsd. What a page says on the console as a warning or an error, throws, or asks of another
// origin fails its test unless it was announced; a picture of the page is kept then, in screenshots/.
import { after, before, test } from 'node:test';
import { readFileSync, mkdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import { Opsd, password, tree } from '../lab/opsd.mjs';

const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const executablePath = process.env.CHROMIUM ?? '/usr/bin/chromium';
const args = [
  '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update',
  '--disable-sync', '--disable-dev-shm-usage',
];

let browser;
async function started() {
  browser ??= await chromium.launch({ executablePath, args });
  return browser;
}
after(() => browser?.close());

// One opsd for the tests of a file; `prepare` fills it, `clear` ends what that started. Answers a function that gives it.
export function house(prepare, options, clear) {
  let opsd;
  before(async () => {
    opsd = await Opsd.start(null, options);
    await prepare?.(opsd);
  });
  after(async () => {
    try {
      await opsd?.stop();
    } finally {
      await clear?.();
    }
  });
  return () => opsd;
}

// A refused request is an error on Chromium's console too: tests that want one refused announce the status.
export const answers = (...statuses) => new RegExp(`status of (${statuses.join('|')}) `);

class Watched {
  constructor(opsd) {
    this.opsd = opsd;
    this.said = [];
    this.allowed = [];
  }

  watch(page) {
    page.on('console', (m) => ['error', 'warning'].includes(m.type()) && this.said.push(`console ${m.type()}: ${m.text()} ${m.location().url}`));
    page.on('pageerror', (e) => this.said.push(`thrown: ${e.stack}`));
    page.on('request', (r) => {
      const { origin, protocol } = new URL(r.url());
      if (!['data:', 'blob:'].includes(protocol) && !this.origins().includes(origin)) this.said.push(`asked another origin: ${r.url()}`);
    });
  }

  origins() { return [this.opsd.url, this.opsd.httpUrl].filter(Boolean).map((url) => new URL(url).origin); }

  mayComplain(...patterns) { this.allowed.push(...patterns); }

  check() {
    const bad = this.said.filter((line) => !this.allowed.some((pattern) => pattern.test(line)));
    if (bad.length) throw new Error(`the page said what nobody announced:\n${bad.join('\n')}`);
  }
}

const cookieOf = (opsd, client) => {
  const at = client.cookie.indexOf('=');
  return { name: client.cookie.slice(0, at), value: client.cookie.slice(at + 1), url: opsd.url, secure: opsd.url.startsWith('https:'), httpOnly: true, sameSite: 'Strict' };
};

// A client that is signed in as a person of that role; made once a role.
export async function person(opsd, role) {
  opsd.people ??= { admin: opsd.admin };
  if (!opsd.people[role]) {
    await opsd.admin.post('/api/v1/users', { name: role, role, password });
    opsd.people[role] = opsd.client();
    await opsd.people[role].signIn(role, password);
  }
  return opsd.people[role];
}

// A test with a page. role: somebody is signed in already. The scene has page, opsd, open(path), mayComplain(…), axe().
export function scene(name, options, run) {
  const { opsd: which, role = 'admin', width = 1440, dark = false, ...context } = options;
  test(name, async () => {
    const opsd = which();
    const watched = new Watched(opsd);
    const signedIn = role ? await person(opsd, role) : null;
    const inside = await (await started()).newContext({
      ignoreHTTPSErrors: true, viewport: { width, height: 900 }, colorScheme: dark ? 'dark' : 'light', locale: 'en-GB', acceptDownloads: true,
      permissions: ['clipboard-read', 'clipboard-write'], ...context,
    });
    inside.setDefaultTimeout(15_000);
    if (signedIn) await inside.addCookies([cookieOf(opsd, signedIn)]);
    const page = await inside.newPage();
    watched.watch(page);
    const open = async (path) => {
      await page.goto(opsd.url + path);
      await settled(page);
    };
    try {
      await run({ page, opsd, open, context: inside, mayComplain: (...p) => watched.mayComplain(...p), axe: () => axe(page) });
      watched.check();
    } catch (error) {
      await keepPicture(page, name);
      throw error;
    } finally {
      await inside.close();
    }
  });
}

// The page has its heading, and what it asked for is there.
export async function settled(page) {
  await page.getByRole('heading', { level: 1 }).waitFor();
  await page.locator('[aria-busy="true"]').first().waitFor({ state: 'detached' });
}

async function keepPicture(page, name) {
  const folder = join(tree, 'screenshots');
  mkdirSync(folder, { recursive: true });
  const path = join(folder, `${name.replace(/[^\w]+/g, '-')}.png`);
  await page.screenshot({ path, fullPage: true }).then(() => console.log(`kept ${path}`), (e) => console.log(`no picture: ${e.message}`));
}

// All of axe's rules for WCAG 2.2 AA and its best practice; throws with what it found.
export async function axe(page) {
  await page.evaluate(axeSource);
  const found = await page.evaluate(() => window.axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] }));
  if (!found.violations.length) return;
  const lines = found.violations.flatMap((v) => v.nodes.map((n) => `${v.id}: ${n.target.join(' ')}\n  ${n.failureSummary.replace(/\n\s*/g, '; ')}`));
  throw new Error(`axe on ${page.url()}:\n${lines.join('\n')}`);
}

// Files dropped on an element, as a file manager does it.
export async function drop(page, target, files) {
  const transfer = await page.evaluateHandle((list) => {
    const t = new DataTransfer();
    for (const { name, text } of list) t.items.add(new File([text], name));
    return t;
  }, files);
  for (const type of ['dragenter', 'dragover', 'drop']) await target.dispatchEvent(type, { dataTransfer: transfer });
}

export { password };
