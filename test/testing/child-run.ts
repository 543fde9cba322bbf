import { type ChildProcess, spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { LaunchSpec } from "../../src/launch/launch-spec.js";

/** A frame from a child; `raw` holds a line that is not a JSON object. */
export interface SeenFrame {
  readonly type?: string;
  readonly subtype?: string;
  readonly session_id?: string;
  readonly [field: string]: unknown;
}

/** How a child ended. */
export interface Ended {
  readonly exitCode: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** A child process driven by hand, without any of the package's own client code. */
export class ChildRun implements AsyncDisposable {
  readonly frames: SeenFrame[] = [];
  readonly ended: Promise<Ended>;
  stderr = "";
  readonly #child: ChildProcess;
  readonly #chunks: Buffer[] = [];
  readonly #watchers = new Set<() => void>();
  /** Pieces of the line that has no end yet; joined once, as a line may be huge. */
  #pieces: string[] = [];

  constructor(spec: LaunchSpec, options: { readStdout?: boolean } = {}) {
    const child = spawn(spec.command, [...spec.args], { env: { ...spec.env }, cwd: spec.cwd, stdio: "pipe" });
    this.#child = child;
    child.stdin.on("error", () => {});
    child.stderr.on("data", (chunk: Buffer) => {
      this.stderr += chunk.toString();
      this.#notify();
    });
    const decoder = new TextDecoder();
    if (options.readStdout ?? true) {
      child.stdout.on("data", (chunk: Buffer) => {
        this.#chunks.push(chunk);
        this.#take(decoder.decode(chunk, { stream: true }));
      });
    }
    this.ended = new Promise((resolve, reject) => {
      child.once("error", reject);
      child.once("close", (exitCode, signal) => {
        resolve({ exitCode, signal });
        this.#notify();
      });
    });
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  /** All of stdout so far. */
  get stdout(): Buffer {
    return Buffer.concat(this.#chunks);
  }

  /** The sizes in which stdout arrived. */
  get chunkSizes(): number[] {
    return this.#chunks.map((chunk) => chunk.length);
  }

  /** What came after the last line feed. */
  get unfinishedLine(): string {
    return this.#pieces.join("");
  }

  /** Writes a line to stdin. */
  send(message: unknown): void {
    const line = typeof message === "string" ? message : JSON.stringify(message);
    this.#child.stdin?.write(`${line}\n`);
  }

  /** Ends stdin and waits for the end of the child. */
  async end(): Promise<Ended> {
    this.#child.stdin?.end();
    return this.ended;
  }

  kill(signal: NodeJS.Signals): void {
    this.#child.kill(signal);
  }

  closeStdout(): void {
    this.#child.stdout?.destroy();
  }

  /** Bytes that wait to be written to stdin. */
  get unwrittenBytes(): number {
    return this.#child.stdin?.writableLength ?? 0;
  }

  /** The first frame that fits, also one that has already come. */
  async frame(fits: (frame: SeenFrame) => boolean, timeoutMs = 15_000): Promise<SeenFrame> {
    return this.#until(() => this.frames.find(fits), "frame", timeoutMs);
  }

  /** Waits until stderr contains a text. */
  async stderrWith(part: string, timeoutMs = 15_000): Promise<string> {
    return this.#until(() => (this.stderr.includes(part) ? this.stderr : undefined), part, timeoutMs);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#child.exitCode === null && this.#child.signalCode === null) this.#child.kill("SIGKILL");
    // A grandchild may hold the pipes open, and `close` waits for them.
    this.#child.stdout?.destroy();
    this.#child.stderr?.destroy();
    await this.ended;
  }

  #until<T>(check: () => T | undefined, what: string, timeoutMs: number): Promise<T> {
    return new Promise((resolve, reject) => {
      const look = () => {
        const found = check();
        if (found === undefined) return;
        clearTimeout(timer);
        this.#watchers.delete(look);
        resolve(found);
      };
      const timer = setTimeout(() => {
        this.#watchers.delete(look);
        const seen = this.frames.map(kindOf).join(" ");
        reject(
          new Error(`no ${what} within ${timeoutMs} ms; seen: ${seen}; stderr: ${this.stderr.slice(0, 500)}`),
        );
      }, timeoutMs);
      this.#watchers.add(look);
      look();
    });
  }

  #take(text: string): void {
    const [first = "", ...rest] = text.split("\n");
    this.#pieces.push(first);
    for (const piece of rest) {
      this.frames.push(parse(this.unfinishedLine));
      this.#pieces = [piece];
    }
    if (rest.length > 0) this.#notify();
  }

  #notify(): void {
    for (const look of [...this.#watchers]) look();
  }
}

/** `type/subtype` of a frame. */
export function kindOf(frame: SeenFrame): string {
  return frame.subtype === undefined ? String(frame.type) : `${frame.type}/${frame.subtype}`;
}

/** The kinds of all frames, in order. */
export function kindsOf(frames: readonly SeenFrame[]): string[] {
  return frames.map(kindOf);
}

/** A user message for stdin. */
export function user(content: unknown) {
  return { type: "user", message: { role: "user", content } };
}

/** A control request for stdin; its id is its subtype. */
export function control(subtype: string, fields: Record<string, unknown> = {}) {
  return { type: "control_request", request_id: subtype, request: { subtype, ...fields } };
}

/** A successful answer to a control request of the child. */
export function answer(request: SeenFrame, response: unknown) {
  const { request_id } = request;
  return { type: "control_response", response: { subtype: "success", request_id, response } };
}

/** True while a process runs; one that has ended but was not reaped yet does not. */
export function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return process.platform !== "linux" || !/\) Z /.test(readFileSync(`/proc/${pid}/stat`, "utf8"));
  } catch {
    return false;
  }
}

/** The CLI that the SDK's platform package brings. */
export function realCli(): string {
  const sdk = createRequire(import.meta.url).resolve("@anthropic-ai/claude-agent-sdk");
  const platform = `${process.platform}-${process.arch}`;
  return createRequire(sdk).resolve(`@anthropic-ai/claude-agent-sdk-${platform}/claude`);
}

function parse(line: string): SeenFrame {
  try {
    const value: SeenFrame | null = JSON.parse(line);
    return typeof value === "object" && value !== null && !Array.isArray(value) ? value : { raw: line };
  } catch {
    return { raw: line };
  }
}
