/** `claude-offthread query`: one prompt, its answer on stdout, all else on stderr. */

import { Deadline } from "../client/deadline.js";
import {
  AsyncClient,
  type ClaudeOutput,
  isControlRequest,
  isErrorResult,
  isResult,
  TimeoutError,
} from "../index.js";
import { activityOf, failureOf, type Outcome, summaryOf } from "./activity.js";
import { AnswerText } from "./answer-text.js";
import { ExitCode } from "./exit-codes.js";
import { InterruptKey } from "./interrupt-key.js";
import { OutputWriter } from "./output-writer.js";
import { readPrompt } from "./prompt-source.js";
import { type QueryFlags, queryLaunch } from "./query-launch.js";
import { toolDecisions } from "./tool-decision.js";
import { visible } from "./visible-text.js";

const CODES: Readonly<Record<Outcome, ExitCode>> = {
  done: ExitCode.success,
  failed: ExitCode.failed,
  stopped: ExitCode.interrupted,
};

/** How long a child may take to end by itself after a turn that was cut short, in milliseconds. */
const HASTY_GRACE_MS = 1_000;

/**
 * Asks, prints, and gives the exit code.
 * @throws ClaudeError for whatever prevents a result
 */
export async function runQuery(argument: string | undefined, flags: QueryFlags): Promise<ExitCode> {
  const key = new InterruptKey();
  const builder = queryLaunch(flags);
  builder.build();
  const deadline = new Deadline("The query", flags.timeout === undefined ? {} : { timeoutMs: flags.timeout });
  try {
    const prompt = await deadline.race(readPrompt(argument, process.stdin));
    const terminal =
      process.stdin.isTTY && process.stderr.isTTY
        ? { input: process.stdin, output: process.stderr }
        : undefined;
    const onToolApproval = toolDecisions({ terminal, say });
    const client = await deadline.race(AsyncClient.fromBuilder(builder, { onToolApproval }));
    return await converse(client, prompt, { flags, key, deadline });
  } catch (error) {
    if (key.pressed) return ExitCode.interrupted;
    if (flags.timeout === undefined || deadline.error === undefined) throw error;
    const message = `There was no result within ${flags.timeout / 1000} s. Give it more time with --timeout <seconds>.`;
    throw new TimeoutError(message, { timeoutMs: flags.timeout });
  } finally {
    deadline.clear();
  }
}

interface Conversation {
  readonly flags: QueryFlags;
  readonly key: InterruptKey;
  readonly deadline: Deadline;
}

async function converse(
  client: AsyncClient,
  prompt: string,
  { flags, key, deadline }: Conversation,
): Promise<ExitCode> {
  const output = new OutputWriter(process.stdout);
  const printer = flags.json === true ? new JsonLines() : new AnswerText();
  // Text for a terminal must not control it; for a pipe or a file it is given as it is.
  const print = (text: string) => output.write(process.stdout.isTTY ? visible(text) : text);
  const talks = flags.json !== true && flags.quiet !== true;
  // Aborted when nobody waits for the answer any more: the time is up, or the reader has gone.
  const leave = new AbortController();
  deadline.onExpiry(() => leave.abort());
  output.gone.addEventListener("abort", () => leave.abort());
  let code: ExitCode | undefined;
  key.onPresses(() => {
    // The terminal has shown ^C where the cursor was.
    say(`${process.stderr.isTTY ? "\n" : ""}stopping the turn; Ctrl+C once more ends everything at once`);
    // Whether it worked shows in the turn's result.
    void client.interrupt().catch(() => {});
  });
  try {
    for await (const message of await client.queryStream(prompt, { signal: leave.signal })) {
      await print(printer.take(message));
      if (talks) for (const line of activityOf(message)) say(line);
      if (isControlRequest(message)) await refuse(client, message.request_id, message.request.subtype);
      if (!isResult(message)) continue;
      const outcome = key.pressed ? "stopped" : isErrorResult(message) ? "failed" : "done";
      if (talks) say(summaryOf(outcome, message));
      if (outcome === "failed") say(failureOf(message));
      code = CODES[outcome];
    }
  } catch (error) {
    // For the left side of a pipe an end like any other.
    if (!output.gone.aborted) throw error;
    if (output.failure !== undefined) throw output.failure;
    code = ExitCode.success;
  } finally {
    key.onPresses();
    await print(printer.end());
    await client.shutdown(code === ExitCode.success ? {} : { graceMs: HASTY_GRACE_MS });
  }
  if (output.failure !== undefined) throw output.failure;
  return code ?? ExitCode.failed;
}

/** Answers what only a richer host could: without an answer the CLI would wait for ever. */
function refuse(client: AsyncClient, request_id: string, subtype: string): Promise<void> {
  const error = `claude-offthread query cannot answer the request "${subtype}".`;
  return client.sendControlResponse({ subtype: "error", request_id, error });
}

/** Every message as a line of JSON. */
class JsonLines {
  take(message: ClaudeOutput): string {
    return `${JSON.stringify(message)}\n`;
  }

  end(): string {
    return "";
  }
}

function say(line: string): void {
  process.stderr.write(`${line}\n`);
}
