// An OpenID provider of a test's own.

import { type ChildProcess, spawn } from 'node:child_process';
import path from 'node:path';

export class IdentityProvider {
  private constructor(
    readonly issuer: string,
    private readonly process: ChildProcess,
  ) {}

  /** Starts one that sends people back to the server at `url`. */
  static async start(url: string): Promise<IdentityProvider> {
    const program = path.resolve(__dirname, 'oidc-provider.mjs');
    const child = spawn(process.execPath, [program, `${url}/sign-in/callback`], { stdio: ['pipe', 'pipe', 'pipe'] });
    const issuer = await new Promise<string>((resolve, reject) => {
      let said = '';
      child.stdout.on('data', (chunk: Buffer) => {
        said += chunk.toString();
        const found = /(http:\/\/127\.0\.0\.1:\d+)\n/.exec(said);
        if (found) {
          resolve(found[1]);
        }
      });
      child.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()));
      child.on('exit', code => reject(new Error(`the provider ended (${code}):\n${said}`)));
    });
    return new IdentityProvider(issuer, child);
  }

  async stop(): Promise<void> {
    if (this.process.exitCode === null && this.process.signalCode === null) {
      const ended = new Promise(resolve => this.process.once('exit', resolve));
      this.process.kill();
      await ended;
    }
  }
}
