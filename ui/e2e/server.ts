import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';

const ROOT = resolve(import.meta.dirname, '../..');
const PROGRAM = process.env.BELLDOT_SERVER ?? resolve(ROOT, 'target/debug/belldot-server');
const PAGE = resolve(ROOT, 'ui/dist');

/** What a test sends to the server; the rest is the server's to fill in. */
export interface NewTodo {
  id?: string;
  title: string;
  body?: string;
  url?: string;
  priority?: number;
  due?: string;
  tags?: string[];
  sender?: string;
}

/** A real `belldot-server` with the page that `npm run build` made, on loopback. */
export class Server {
  readonly #data = mkdtempSync(join(tmpdir(), 'belldot-server-'));
  #process: ChildProcess | null = null;
  address = '';

  /** `users` is the text of users.toml; without it anybody is let in. */
  static async start(flags: readonly string[] = [], users?: string): Promise<Server> {
    for (const [path, how] of [
      [PROGRAM, 'cargo build -p belldot-server, or name another one in BELLDOT_SERVER'],
      [join(PAGE, 'index.html'), 'npm run build'],
    ] as const) {
      if (!existsSync(path)) throw new Error(`${path} is not there. Make it first: ${how}.`);
    }
    const server = new Server();
    if (users !== undefined) writeFileSync(join(server.#data, 'users.toml'), users);
    await server.run(flags);
    return server;
  }

  /** Starts the program, at its old address if it had one. */
  async run(flags: readonly string[] = []): Promise<void> {
    const listen = this.address === '' ? '127.0.0.1:0' : new URL(this.address).host;
    const started = spawn(
      PROGRAM,
      ['--listen', listen, '--data', this.#data, '--ui', PAGE, '--retry', '1', ...flags],
      { stdio: ['ignore', 'pipe', 'pipe'] },
    );
    this.#process = started;
    const said: string[] = [];
    for (const stream of [started.stdout, started.stderr]) {
      createInterface({ input: stream }).on('line', (line) => said.push(line));
    }
    const deadline = Date.now() + 20_000;
    while (Date.now() < deadline && started.exitCode === null) {
      const address = /listening on (http:\S+)/.exec(said.join('\n'))?.[1];
      if (address) {
        this.address = address.replace(/\/$/, '');
        return;
      }
      await new Promise((wake) => setTimeout(wake, 20));
    }
    throw new Error(`belldot-server does not listen; it said: ${said.join('\n')}`);
  }

  /** Ends the program as a power cut would. */
  async kill(): Promise<void> {
    const running = this.#process;
    if (!running || running.exitCode !== null || running.signalCode !== null) return;
    const ended = once(running, 'exit');
    running.kill('SIGKILL');
    await ended;
  }

  async stop(): Promise<void> {
    await this.kill();
    rmSync(this.#data, { recursive: true, force: true });
  }

  async post(todo: NewTodo, token?: string): Promise<void> {
    const answer = await fetch(`${this.address}/api/v1/todos`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...bearer(token) },
      body: JSON.stringify(todo),
    });
    if (!answer.ok) throw new Error(`POST: ${answer.status} ${await answer.text()}`);
  }

  /** How many streams are open. */
  async streams(): Promise<number> {
    const answer = await fetch(`${this.address}/api/v1/status`);
    return ((await answer.json()) as { connections: number }).connections;
  }

  /** A to-do as the server has it now. */
  async get(id: string): Promise<{ status: string; read: boolean }> {
    const answer = await fetch(`${this.address}/api/v1/todos/${encodeURIComponent(id)}`);
    return (await answer.json()) as { status: string; read: boolean };
  }
}

function bearer(token: string | undefined): Record<string, string> {
  return token === undefined ? {} : { authorization: `Bearer ${token}` };
}
