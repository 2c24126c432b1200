import { once } from 'node:events';
import { createServer, request, type Server } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';

/** A reverse proxy as companies have them: while its server is away it answers 502. */
export class Proxy {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  #broken = false;

  static async start(target: () => string): Promise<Proxy> {
    const proxy = new Proxy(target);
    proxy.#server.listen(0, '127.0.0.1');
    await once(proxy.#server, 'listening');
    return proxy;
  }

  private constructor(target: () => string) {
    this.#server = createServer((asked, answer) => {
      if (this.#broken) return void answer.writeHead(502).end('<h1>502 Bad Gateway</h1>');
      const { method, headers, url = '/' } = asked;
      const address = new URL(url, target());
      const onward = request(address, { method, headers: { ...headers, host: address.host } });
      onward.on('response', (response) => {
        answer.writeHead(response.statusCode ?? 502, response.headers);
        response.pipe(answer);
      });
      onward.on('error', () => answer.destroy());
      answer.on('close', () => onward.destroy());
      asked.pipe(onward);
    });
    this.#server.on('connection', (socket) => {
      this.#sockets.add(socket);
      socket.on('close', () => this.#sockets.delete(socket));
    });
  }

  get address(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** Ends every connection, and answers 502 from now on. */
  breakOff(): void {
    this.#broken = true;
    for (const socket of this.#sockets) socket.destroy();
  }

  mend(): void {
    this.#broken = false;
  }

  async stop(): Promise<void> {
    this.breakOff();
    this.#server.close();
    await once(this.#server, 'close');
  }
}
