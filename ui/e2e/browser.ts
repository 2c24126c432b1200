import { mkdirSync } from 'node:fs';
import { resolve } from 'node:path';
import { chromium, type Browser, type BrowserContextOptions, type Page } from 'playwright-core';
import { createServer, type ViteDevServer } from 'vite';

/** The widths that a bell opens and that a person drags it to. */
export const NARROW = { width: 440, height: 720 };
export const NORMAL = { width: 1000, height: 720 };

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

/** The stage: the page before scripted backends, one scene to an address. */
export class Stage {
  private constructor(
    private readonly server: ViteDevServer,
    private readonly origin: string,
  ) {}

  static async open(): Promise<Stage> {
    const server = await createServer({
      root: resolve(import.meta.dirname, '..'),
      configFile: resolve(import.meta.dirname, '../vite.config.ts'),
      logLevel: 'error',
      server: { port: 0, host: '127.0.0.1', hmr: false },
    });
    await server.listen();
    const address = server.httpServer?.address();
    if (!address || typeof address === 'string') throw new Error('the stage has no address');
    return new Stage(server, `http://127.0.0.1:${address.port}`);
  }

  address(scene: string, language = 'en', window = 'todos'): string {
    return `${this.origin}/e2e/stage.html?scene=${scene}&language=${language}#${window}`;
  }

  close(): Promise<void> {
    return this.server.close();
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
