// A receiver on this machine, and a server that may send to it.

import { type IncomingHttpHeaders, type Server as HttpServer, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { test as base, expect } from './fixtures';
import { Server } from './server';

export { expect };

interface Got {
  headers: IncomingHttpHeaders;
  body: string;
}

/** Answers 200, or what it is told to. */
export class Receiver {
  readonly got: Got[] = [];
  status = 200;
  private readonly server: HttpServer;

  constructor() {
    this.server = createServer((request, response) => {
      let body = '';
      request.on('data', (chunk: Buffer) => (body += chunk.toString()));
      request.on('end', () => {
        this.got.push({ headers: request.headers, body });
        response.writeHead(this.status, { 'content-type': 'application/json' }).end('{"told":"receiver"}');
      });
    });
  }

  async listen(): Promise<string> {
    await new Promise<void>(resolve => this.server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}/in`;
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise(resolve => this.server.close(resolve));
  }
}

export const test = base.extend<{ receiver: Receiver }, { server: Server }>({
  // Nothing is sent to this machine unless that is allowed.
  server: [
    async ({}, use) => {
      const server = await Server.start(process.env.DAYBOOK_E2E_DEMO, '--delivery-networks', '127.0.0.0/8');
      await use(server);
      await server.stop();
    },
    { scope: 'worker', timeout: 60_000 },
  ],
  receiver: async ({}, use) => {
    const receiver = new Receiver();
    await use(receiver);
    await receiver.close();
  },
});
