import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { resolve } from 'node:path';
import type { Readable } from 'node:stream';

const DRIVER = '/usr/bin/WebKitWebDriver';
const BROWSERS = ['x86_64', 'aarch64'].map(
  (machine) => `/usr/lib/${machine}-linux-gnu/webkit2gtk-4.1/MiniBrowser`,
);
const BROWSER = BROWSERS.find((path) => existsSync(path));
const DISPLAY = '/usr/bin/Xvfb';
const PICTURES = resolve(import.meta.dirname, '../../target/pictures/page');

/** The part that is missing to drive WebKit, if one is. */
const missing = [DRIVER, BROWSER ?? BROWSERS[0] ?? '', DISPLAY].find((path) => !existsSync(path));
const maySkip = (process.env['BELLDOT_MAY_SKIP'] ?? '')
  .split(',')
  .some((name) => name.trim() === 'webkit');

/** The missing part, if the tests may be skipped for it; else they fail. */
export const skippedFor = maySkip ? missing : undefined;

/** WebKitGTK, the engine of the app's windows on Linux, driven over WebDriver. */
export class WebKit {
  #processes: ChildProcess[] = [];
  #session = '';

  static async start(): Promise<WebKit> {
    if (missing !== undefined) {
      throw new Error(
        `${missing} is not there. To go on without these tests, set BELLDOT_MAY_SKIP=webkit.`,
      );
    }
    const it = new WebKit();
    const screen = it.#spawn(DISPLAY, ['-displayfd', '3', '-screen', '0', '1200x900x24'], {}, 3);
    const display = await line(screen.stdio[3] as Readable);
    const port = await freePort();
    it.#spawn(DRIVER, [`--port=${port}`], { DISPLAY: `:${display}`, GDK_BACKEND: 'x11' });
    const driver = `http://127.0.0.1:${port}`;
    await answers(`${driver}/status`);
    const { sessionId } = (await ask(`${driver}/session`, {
      capabilities: {
        alwaysMatch: {
          'webkitgtk:browserOptions': { binary: BROWSER, args: ['--automation'] },
        },
      },
    })) as { sessionId: string };
    it.#session = `${driver}/session/${sessionId}`;
    await ask(`${it.#session}/window/rect`, { width: 1000, height: 720 });
    return it;
  }

  async open(address: string): Promise<void> {
    // From elsewhere: another fixture alone would only change the fragment.
    await ask(`${this.#session}/url`, { url: 'about:blank' });
    await ask(`${this.#session}/url`, { url: address });
  }

  /** The value of an expression in the page. */
  async value<Value>(expression: string): Promise<Value> {
    const script = `return (${expression});`;
    return (await ask(`${this.#session}/execute/sync`, { script, args: [] })) as Value;
  }

  /** A real click on the middle of an element. */
  async click(css: string): Promise<void> {
    const found = (await ask(`${this.#session}/element`, {
      using: 'css selector',
      value: css,
    })) as Record<string, string>;
    await ask(`${this.#session}/element/${Object.values(found)[0]}/click`, {});
  }

  /** Real key presses. */
  async press(...keys: string[]): Promise<void> {
    const actions = keys.flatMap((value) => [
      { type: 'keyDown', value },
      { type: 'keyUp', value },
    ]);
    await ask(`${this.#session}/actions`, { actions: [{ type: 'key', id: 'keys', actions }] });
  }

  async picture(name: string): Promise<void> {
    mkdirSync(PICTURES, { recursive: true });
    const picture = (await ask(`${this.#session}/screenshot`)) as string;
    writeFileSync(`${PICTURES}/${name}.png`, Buffer.from(picture, 'base64'));
  }

  async stop(): Promise<void> {
    if (this.#session !== '') await fetch(this.#session, { method: 'DELETE' }).catch(() => {});
    for (const process of this.#processes.reverse()) process.kill('SIGTERM');
  }

  #spawn(program: string, args: string[], env: Record<string, string>, pipe?: number) {
    const stdio = Array.from({ length: 4 }, (_, k) =>
      k === pipe ? ('pipe' as const) : ('ignore' as const),
    );
    const started = spawn(program, args, { stdio, env: { ...process.env, ...env } });
    this.#processes.push(started);
    return started;
  }
}

async function ask(address: string, body?: object): Promise<unknown> {
  const how = body ? { method: 'POST', body: JSON.stringify(body) } : {};
  const answer = await fetch(address, how);
  const { value } = (await answer.json()) as { value: unknown };
  if (!answer.ok) throw new Error(`WebDriver: ${JSON.stringify(value)}`);
  return value;
}

async function answers(address: string): Promise<void> {
  const deadline = Date.now() + 20_000;
  while (!(await fetch(address).catch(() => null))) {
    if (Date.now() > deadline) throw new Error(`${address} does not answer`);
    await new Promise((wake) => setTimeout(wake, 50));
  }
}

async function line(from: Readable): Promise<string> {
  let text = '';
  for await (const chunk of from) {
    text += String(chunk);
    if (text.includes('\n')) return text.trim();
  }
  throw new Error('the virtual screen did not start');
}

function freePort(): Promise<number> {
  return new Promise((found, failed) => {
    const server = createServer();
    server.on('error', failed);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => found(typeof address === 'object' && address ? address.port : 0));
    });
  });
}
