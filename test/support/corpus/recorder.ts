/** One run of the real CLI, offline, whose every line is kept. */

import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { findClaude } from "../../../src/launch/index.js";
import { type ModelScript, type OfflineEnv, offlineEnv } from "../../../src/testing/index.js";
import { neutralizer } from "./neutral.js";
import { type RawAnswers, startRawModel } from "./raw-model.js";

/** A frame as it came; what is in it depends on its kind. */
export interface Frame {
  readonly type: string;
  readonly subtype?: string;
  readonly [field: string]: unknown;
}

/** What a run is made of. */
export interface RunOptions {
  readonly flags?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly script?: ModelScript;
  readonly raw?: RawAnswers;
  /** Lays out files before the CLI starts. */
  readonly prepare?: (offline: OfflineEnv) => void;
  /** Answers a control request of the CLI with this payload; undefined leaves it unanswered. */
  readonly answer?: (request: Frame) => object | undefined;
}

const FIXED = ["--print", "--verbose", "--output-format=stream-json", "--input-format=stream-json"];
const PATIENCE_MS = 20_000;

/** A line, and the frame that it holds. */
export interface Line {
  readonly text: string;
  readonly frame: Frame;
}

/** A run; made by {@link record}. */
export class Recorder {
  readonly lines: Line[] = [];
  readonly offline: OfflineEnv;
  readonly #child: ChildProcessWithoutNullStreams;
  readonly #answer: RunOptions["answer"];
  #rest = "";
  #requests = 0;

  /** @internal */
  constructor(child: ChildProcessWithoutNullStreams, offline: OfflineEnv, answer: RunOptions["answer"]) {
    this.#child = child;
    this.offline = offline;
    this.#answer = answer;
    child.stdin.on("error", () => {});
    child.stderr.resume();
    child.stdout.setEncoding("utf8").on("data", (text: string) => this.#take(text));
  }

  /** Writes a frame to the CLI. */
  send(frame: object): void {
    this.#child.stdin.write(`${JSON.stringify(frame)}\n`);
  }

  /** Sends a prompt and waits for the result that names it. */
  async ask(content: unknown, fields: object = {}): Promise<Frame> {
    const uuid = randomUUID();
    this.send({ type: "user", message: { role: "user", content }, uuid, ...fields });
    return this.frame(
      ({ type, user_message_uuids: uuids }) =>
        type === "result" && JSON.stringify(uuids ?? uuid).includes(uuid),
    );
  }

  /** Sends a prompt and waits for nothing. */
  tell(content: unknown, fields: object = {}): void {
    this.send({ type: "user", message: { role: "user", content }, uuid: randomUUID(), ...fields });
  }

  /** Sends a control request, waits for its answer and gives that. */
  async request(subtype: string, fields: object = {}): Promise<Frame> {
    // The subtype shows in the answer by this id alone.
    const request_id = `${subtype}-${++this.#requests}`;
    this.send({ type: "control_request", request_id, request: { subtype, ...fields } });
    return this.frame(
      ({ type, response }) =>
        type === "control_response" && JSON.stringify(response).includes(`"${request_id}"`),
    );
  }

  /** The first frame that fits, from now or before. */
  async frame(fits: (frame: Frame) => boolean): Promise<Frame> {
    const deadline = performance.now() + PATIENCE_MS;
    for (;;) {
      const found = this.lines.find(({ frame }) => fits(frame));
      if (found !== undefined) return found.frame;
      if (performance.now() > deadline || this.#child.exitCode !== null) {
        throw new Error(`no such frame among ${this.lines.map(({ frame }) => frame.subtype ?? frame.type)}`);
      }
      await sleep(10);
    }
  }

  /** Waits for what comes by itself. */
  async pause(ms = 300): Promise<void> {
    await sleep(ms);
  }

  /** Signals the CLI. */
  kill(signal: NodeJS.Signals): void {
    this.#child.kill(signal);
  }

  /** Ends stdin and waits for the CLI's end. */
  async end(): Promise<void> {
    this.#child.stdin.end();
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const stuck = setTimeout(() => this.#child.kill("SIGTERM"), 3_000);
    await once(this.#child, "close");
    clearTimeout(stuck);
  }

  #take(text: string): void {
    const lines = (this.#rest + text).split("\n");
    this.#rest = lines.pop() ?? "";
    for (const line of lines) {
      const frame = JSON.parse(line) as Frame;
      this.lines.push({ text: line, frame });
      if (frame.type !== "control_request") continue;
      const response = this.#answer?.(frame);
      if (response === undefined) continue;
      const { request_id } = frame;
      this.send({ type: "control_response", response: { subtype: "success", request_id, response } });
    }
  }
}

/** Runs the CLI through a scenario; gives all lines it wrote, with the paths of this machine made neutral. */
export async function record(
  options: RunOptions,
  scenario: (run: Recorder) => Promise<unknown>,
): Promise<{ lines: Line[]; failure?: unknown }> {
  const { path: command } = await findClaude({ env: {} });
  await using model = await startRawModel(options.script ?? "ok", options.raw ?? {});
  await using offline = offlineEnv({ model, extra: { ...options.env } });
  options.prepare?.(offline);
  const child = spawn(command, [...FIXED, ...(options.flags ?? [])], {
    cwd: offline.cwd,
    env: offline.env,
    stdio: "pipe",
  });
  const run = new Recorder(child, offline, options.answer);
  let failure: unknown;
  try {
    await scenario(run);
  } catch (error) {
    failure = error;
  } finally {
    await run.end();
  }
  const neutral = neutralizer(offline, command);
  const lines = run.lines.map(({ text }): Line => {
    const line = neutral(text);
    return { text: line, frame: JSON.parse(line) };
  });
  return { lines, ...(failure !== undefined && { failure }) };
}
