import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import type { IncomingMessage } from 'node:http';
import { resolve } from 'node:path';
import { createInterface } from 'node:readline';
import type { Plugin } from 'vite';

const PROGRAM =
  process.env.BELLDOT_FORMATS ??
  resolve(import.meta.dirname, '../../target/debug/examples/formats');

/** Answers what the harness asks about formats by the app's own decoder, which is a program. */
export function formats(): { plugin: Plugin; stop: () => void } {
  if (!existsSync(PROGRAM)) {
    throw new Error(
      `${PROGRAM} is not there. Make it first: cargo build -p belldot-core --example formats, or name another one in BELLDOT_FORMATS.`,
    );
  }
  const program = spawn(PROGRAM, { stdio: ['pipe', 'pipe', 'inherit'] });
  const waiting: ((answer: string) => void)[] = [];
  createInterface({ input: program.stdout }).on('line', (answer) => waiting.shift()?.(answer));
  const ask = (question: string) =>
    new Promise<string>((answered) => {
      waiting.push(answered);
      program.stdin.write(`${question.replaceAll('\n', ' ')}\n`);
    });
  return {
    plugin: {
      name: 'formats',
      configurePreviewServer(server) {
        server.middlewares.use('/formats', (request, response) => {
          void text(request)
            .then(ask)
            .then((answer) => response.end(answer));
        });
      },
    },
    stop: () => void program.kill(),
  };
}

async function text(request: IncomingMessage): Promise<string> {
  let text = '';
  request.setEncoding('utf8');
  for await (const chunk of request) text += String(chunk);
  return text;
}
