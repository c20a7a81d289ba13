// The real server, each with its own data and its own port.

import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { cp, mkdtemp, readFile, rm } from 'node:fs/promises';
import { createWriteStream } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';

const root = path.resolve(__dirname, '../..');
const binary = path.resolve(root, process.env.DAYBOOK_BIN || 'target/debug/daybook');
const ready = /Daybook is at (http:\/\/127\.0\.0\.1:\d+)/;

/** Nothing of the caller's configuration but where the built assets are. */
function environment(): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(
    ([name]) => !name.startsWith('DAYBOOK_') || name === 'DAYBOOK_SITE_DIR',
  );
  return Object.fromEntries(kept);
}

/** Runs a command of the server's command line to its end, on the data in `data`. */
export async function daybook(data: string, ...args: string[]): Promise<string> {
  const [command, ...rest] = args;
  const { stdout } = await promisify(execFile)(binary, [command, '--data-dir', data, ...rest], {
    cwd: data,
    env: environment(),
  });
  return stdout;
}

/** A small demo workspace, the same in every run. */
export async function makeDemo(): Promise<string> {
  const data = await mkdtemp(path.join(tmpdir(), 'daybook-demo-'));
  await daybook(data, 'demo', '--events', '2000', '--seed', '7', '--until', '2026-11-20T12:00:00Z', '--log-only');
  return data;
}

export class Server {
  private constructor(
    readonly url: string,
    readonly data: string,
    private readonly log: string,
    private readonly process: ChildProcess,
  ) {}

  /** Starts one on a copy of the data in `template`, or on nothing. */
  static async start(template?: string, ...args: string[]): Promise<Server> {
    const data = await mkdtemp(path.join(tmpdir(), 'daybook-e2e-'));
    if (template) {
      await cp(template, data, { recursive: true });
    }
    const log = path.join(data, 'server.log');
    const child = spawn(binary, ['serve', '--data-dir', data, '--listen', '127.0.0.1:0', ...args], {
      cwd: data,
      env: environment(),
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const file = createWriteStream(log);
    const url = await new Promise<string>((resolve, reject) => {
      let said = '';
      const listen = (chunk: Buffer) => {
        file.write(chunk);
        if (said.length < 65_536) {
          said += chunk.toString();
          const found = ready.exec(said);
          if (found) {
            resolve(found[1]);
          }
        }
      };
      child.stdout.on('data', listen);
      child.stderr.on('data', listen);
      child.on('error', reject);
      child.on('exit', (code, signal) => reject(new Error(`the server ended (${code ?? signal}):\n${said}`)));
    });
    return new Server(url, data, log, child);
  }

  /** What it has logged so far. */
  async logged(): Promise<string> {
    return readFile(this.log, 'utf8').catch(() => '');
  }

  /** Runs a command of the command line on this server's data. */
  async command(...args: string[]): Promise<string> {
    return daybook(this.data, ...args);
  }

  async stop(): Promise<void> {
    if (this.process.exitCode === null && this.process.signalCode === null) {
      const ended = new Promise(resolve => this.process.once('exit', resolve));
      this.process.kill('SIGTERM');
      const tooLong = setTimeout(() => this.process.kill('SIGKILL'), 5_000);
      await ended;
      clearTimeout(tooLong);
    }
    await rm(this.data, { recursive: true, force: true });
  }
}
