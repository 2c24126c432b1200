import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { chromium, type Browser, type BrowserContextOptions, type Page } from 'playwright-core';
import { expect } from 'vitest';
import { build, preview, type PreviewServer } from 'vite';
import { formats } from './formats';

/** The widths that a bell opens and that a person drags it to. */
export const NARROW = { width: 440, height: 720 };
export const NORMAL = { width: 1000, height: 720 };

const UI = resolve(import.meta.dirname, '..');
const PICTURES = resolve(import.meta.dirname, '../../target/pictures/page');

/** A real Chromium without a screen. */
export function browser(): Promise<Browser> {
  return chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: [
      '--headless',
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
}

/** The harness: the page with fake backends, one fixture to an address. */
export class Harness {
  private constructor(
    private readonly server: PreviewServer,
    private readonly folder: string,
    private readonly origin: string,
    private readonly stop: () => void,
  ) {}

  static async open(): Promise<Harness> {
    const folder = mkdtempSync(join(tmpdir(), 'belldot-harness-'));
    const config = {
      root: UI,
      configFile: resolve(UI, 'vite.config.ts'),
      logLevel: 'error' as const,
      build: {
        outDir: folder,
        emptyOutDir: true,
        rolldownOptions: { input: resolve(UI, 'e2e/harness.html') },
      },
    };
    await build(config);
    const { plugin, stop } = formats();
    const plugins = [plugin];
    const server = await preview({ ...config, plugins, preview: { port: 0, host: '127.0.0.1' } });
    const address = server.httpServer.address();
    if (!address || typeof address === 'string') throw new Error('the harness has no address');
    return new Harness(server, folder, `http://127.0.0.1:${address.port}`, stop);
  }

  address(fixture: string, language = 'en', window = 'todos'): string {
    return `${this.origin}/e2e/harness.html?fixture=${fixture}&language=${language}#${window}`;
  }

  async close(): Promise<void> {
    await this.server.close();
    this.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** A fresh page; a script error in it fails whoever asks for `errors`. */
export async function open(
  browser: Browser,
  address: string,
  how: BrowserContextOptions = {},
): Promise<{ page: Page; errors: string[] }> {
  const context = await browser.newContext({ viewport: NARROW, ...how });
  const page = await context.newPage();
  const errors: string[] = [];
  page.on('pageerror', (error) => errors.push(String(error)));
  page.on('console', (message) => {
    if (message.type() === 'error') errors.push(message.text());
  });
  await page.goto(address);
  return { page, errors };
}

/** Writes a picture for a person to look at. */
export async function picture(page: Page, name: string): Promise<void> {
  mkdirSync(PICTURES, { recursive: true });
  await page.screenshot({ path: `${PICTURES}/${name}.png` });
}

/** Waits until something is so, as long as a slow machine may need. */
export async function expectEventually<Value>(
  look: () => Promise<Value>,
  wanted: Value | RegExp,
): Promise<void> {
  const deadline = Date.now() + 20_000;
  const fits = (found: Value) =>
    wanted instanceof RegExp
      ? wanted.test(String(found))
      : JSON.stringify(found) === JSON.stringify(wanted);
  let found = await look();
  while (!fits(found) && Date.now() < deadline) {
    await new Promise((wake) => setTimeout(wake, 50));
    found = await look();
  }
  if (wanted instanceof RegExp) expect(String(found)).toMatch(wanted);
  else expect(found).toEqual(wanted);
}
