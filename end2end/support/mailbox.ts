// A real mail server on this machine.

import type { AddressInfo } from 'node:net';
import { SMTPServer } from 'smtp-server';
import { test as base } from './fixtures';

interface Got {
  to: string[];
  text: string;
}

/**
 * Takes mail for everybody but those called nobody.
 *
 * A workspace mails on its own, too (what rules find depends on the hour): a test asks for the addresses it made up.
 */
export class Mailbox {
  private readonly got: Got[] = [];
  private readonly server: SMTPServer;

  constructor() {
    this.server = new SMTPServer({
      authOptional: true,
      disabledCommands: ['AUTH', 'STARTTLS'],
      onRcptTo: ({ address }, _session, done) => {
        const unknown = Object.assign(new Error('5.1.1 No such mailbox here'), { responseCode: 550 });
        done(address.startsWith('nobody') ? unknown : undefined);
      },
      onData: (stream, { envelope }, done) => {
        let text = '';
        stream.on('data', (chunk: Buffer) => (text += chunk.toString()));
        stream.on('end', () => {
          this.got.push({ to: envelope.rcptTo.map(({ address }: { address: string }) => address), text });
          done();
        });
      },
    });
  }

  /** The whole text, headers first, of each mail to `address`; the newest last. */
  to(address: string): string[] {
    return this.got.filter(one => one.to.includes(address)).map(one => one.text);
  }

  async listen(): Promise<number> {
    const listening = await new Promise<AddressInfo>(resolve => {
      const server = this.server.listen(0, '127.0.0.1', () => resolve(server.address() as AddressInfo));
    });
    return listening.port;
  }

  async close(): Promise<void> {
    await new Promise<void>(resolve => this.server.close(() => resolve()));
  }
}

export const test = base.extend<{ mailbox: Mailbox }>({
  mailbox: async ({}, use) => {
    const mailbox = new Mailbox();
    await use(mailbox);
    await mailbox.close();
  },
});
