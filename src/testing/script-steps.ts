import { InvalidArgumentError } from "../errors.js";
import type { CliStep, FloodOptions, PermissionScript } from "./cli-script.js";

/**
 * Writes to stdout: an object, array or `null` as a JSON line; a string or bytes exactly as they are, so
 * that anything malformed can be produced.
 * @example emit({ type: "system", subtype: "status" })
 * @example emit('\u001b[31m{"type":"keep_alive"}\r\n')
 */
export function emit(output: unknown): CliStep {
  if (typeof output === "string") return { do: "raw", text: output };
  if (output instanceof Uint8Array) return { do: "bytes", base64: Buffer.from(output).toString("base64") };
  const json: string | undefined = JSON.stringify(output);
  if (json === undefined) throw new InvalidArgumentError(`emit(): a ${typeof output} is not JSON`);
  return { do: "line", json };
}

/** Writes a frame with the stand-in's own `session_id` and a fresh `uuid` added. */
export function frame(fields: Readonly<Record<string, unknown>>): CliStep {
  return { do: "frame", frame: fields };
}

/** Writes a `system/init` frame. */
export function init(): CliStep {
  return { do: "init" };
}

/** Writes an `assistant` frame with a text, or with content blocks. */
export function assistant(content: string | readonly unknown[]): CliStep {
  return { do: "assistant", content };
}

/** Writes a text as `stream_event` frames (`chunkSize` UTF-16 units each, default 20) and then `assistant`. */
export function streamText(text: string, options: { chunkSize?: number; delayMs?: number } = {}): CliStep {
  return { do: "streamText", text, chunkSize: options.chunkSize ?? 20, delayMs: options.delayMs ?? 0 };
}

/** Writes the `result` that ends a turn; `fields` replace the usual ones, for example `subtype`. */
export function result(fields: Readonly<Record<string, unknown>> = {}): CliStep {
  return { do: "result", fields };
}

/** A whole turn: `system/init`, the given parts (strings are assistant texts), `result`. */
export function turn(...parts: readonly (string | CliStep)[]): CliStep {
  const steps = parts.map((part): CliStep => (typeof part === "string" ? assistant(part) : part));
  return { do: "steps", steps: [init(), ...steps, result()] };
}

/** An `assistant` frame that repeats the prompt; what a turn holds when the script does not say. */
export function echo(): CliStep {
  return { do: "echo" };
}

/**
 * Frames made inside the stand-in, so that 100 MB need no big script. Each carries its number (`#0 …` at the
 * start of the text; `seq` in a structured one). Written with backpressure; then a line `flood-done <ms>`
 * goes to stderr, with the milliseconds from the first write to the last one taken by the pipe.
 * @example onUser(turn(flood({ count: 1_000, bytes: 300_000, kind: "structured" })))
 */
export function flood(options: FloodOptions): CliStep {
  const { count, bytes, kind = "text", seed = 1, writeChunk = 65_536 } = options;
  requireNumber("flood", "count", count, 0);
  requireNumber("flood", "bytes", bytes, 1);
  requireNumber("flood", "writeChunk", writeChunk, 1);
  return { do: "flood", count, bytes, kind, seed, writeChunk };
}

/** One generated frame, up to 128 MiB; reports like {@link flood}. */
export function bigFrame(options: Omit<FloodOptions, "count" | "writeChunk">): CliStep {
  if (options.bytes > 128 * 1024 * 1024) throw new InvalidArgumentError("bigFrame(): at most 128 MiB");
  return flood({ ...options, count: 1 });
}

/**
 * Calls a tool that needs permission: writes the `tool_use`, asks the host by `can_use_tool` and waits.
 * Without other steps an allowed tool "runs" (its result tells the input it was given), a denied one reports
 * the message; a denial with `interrupt` ends the turn as the real CLI does.
 */
export function requestPermission(
  toolName: string,
  input: Readonly<Record<string, unknown>>,
  options: Omit<PermissionScript, "toolName" | "input"> = {},
): CliStep {
  return { do: "permission", request: { toolName, input, ...options } };
}

/**
 * Sends any control request (`hook_callback`, `mcp_message`, …) to the host, waits for its answer and reports
 * that in a frame `{ type: "system", subtype: "scripted_answer", response }`.
 */
export function requestHost(subtype: string, fields: Readonly<Record<string, unknown>> = {}): CliStep {
  return { do: "request", subtype, fields };
}

/** Writes to stderr, a text or so many bytes in lines, and waits until the pipe has taken it. */
export function stderr(output: string | { readonly bytes: number }): CliStep {
  return typeof output === "string"
    ? { do: "stderr", text: output }
    : { do: "stderrFlood", bytes: output.bytes };
}

/** Waits; an interrupt ends the wait. */
export function sleep(ms: number): CliStep {
  return { do: "sleep", ms };
}

/** Ends the process with an exit code. */
export function exit(code: number): CliStep {
  return { do: "exit", code };
}

/** Ends the process by a signal, as a crash does. */
export function kill(signal: NodeJS.Signals = "SIGKILL"): CliStep {
  return { do: "kill", signal };
}

/** Writes the beginning of a frame, without its end, and exits; default code 1. */
export function crashMidFrame(options: { readonly exitCode?: number } = {}): CliStep {
  const half =
    '{"type":"assistant","message":{"role":"assistant","content":[{"type":"text","text":"half a fra';
  return { do: "steps", steps: [emit(half), exit(options.exitCode ?? 1)] };
}

/** From here on, stays alive when stdin ends, up to the lifetime limit. */
export function ignoreEof(): CliStep {
  return { do: "mode", mode: "ignoreEof" };
}

/** From here on, ignores SIGTERM. */
export function ignoreSigterm(): CliStep {
  return { do: "mode", mode: "ignoreSigterm" };
}

/** From here on, leaves stdin unread: the host's writes fill the pipe, and its EOF is not noticed. */
export function stopReadingStdin(): CliStep {
  return { do: "mode", mode: "stopReadingStdin" };
}

/** From here on, answers nothing: no user message, no control request. */
export function silence(): CliStep {
  return { do: "mode", mode: "silence" };
}

/** Closes stdout and lives on. */
export function closeStdout(): CliStep {
  return { do: "mode", mode: "closeStdout" };
}

/** From here on, reports each line of stdin in a frame `{ type: "system", subtype: "scripted_stdin", line }`. */
export function echoStdin(): CliStep {
  return { do: "mode", mode: "echoStdin" };
}

/**
 * From here on, cuts all output into separate writes of `size` bytes, also inside multi-byte characters. A
 * busy reader may still find several of them in one read, unless there is a pause (default none) between them.
 */
export function writeInChunks(size: number, options: { pauseMs?: number } = {}): CliStep {
  requireNumber("writeInChunks", "size", size, 1);
  return { do: "writeInChunks", size, pauseMs: options.pauseMs ?? 0 };
}

/** From here on, ends lines with this; text and bytes given to {@link emit}, and floods, stay as they are. */
export function lineEnding(ending: "\n" | "\r\n"): CliStep {
  return { do: "lineEnding", ending };
}

/**
 * Starts a sleeping process in a process group of its own, as the real CLI's tools do, and reports it in a
 * frame `{ type: "system", subtype: "scripted_grandchild", pid }`. It ends by itself at the lifetime limit.
 */
export function spawnGrandchild(options: { readonly ignoreSigterm?: boolean } = {}): CliStep {
  return { do: "grandchild", ignoreSigterm: options.ignoreSigterm ?? false };
}

function requireNumber(step: string, name: string, value: number, min: number): void {
  if (!Number.isInteger(value) || value < min) {
    throw new InvalidArgumentError(`${step}({ ${name}: ${value} }): a whole number of at least ${min}`);
  }
}
