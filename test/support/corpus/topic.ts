/** What a topic is made of, and what several of them need. */

import { type ModelReply, type ModelRequest, promptOf, stepOf, toolUse } from "../../../src/testing/index.js";
import type { Frame, Recorder, RunOptions } from "./recorder.js";

/** One run of the CLI. */
export interface Run {
  readonly options: RunOptions;
  readonly scenario: (cli: Recorder) => Promise<unknown>;
}

/** Some runs of the CLI about one thing. */
export interface Topic {
  readonly name: string;
  readonly runs: readonly Run[];
}

/** A run with these options, of this scenario. */
export function run(options: RunOptions, scenario: Run["scenario"]): Run {
  return { options, scenario };
}

/** Short frames: no tools and no skills that `init` would list. */
export const PLAIN: readonly string[] = ["--tools=", "--disable-slash-commands"];

/** These tools alone, none of which asks. */
export function allow(tools: string): string[] {
  return [`--tools=${tools}`, `--allowed-tools=${tools}`, "--disable-slash-commands"];
}

/** The smallest image there is. */
export const PIXEL = {
  type: "base64",
  media_type: "image/png",
  data: "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==",
};

/** A prompt that makes {@link caller} call one tool. */
export function call(name: string, input: object): string {
  return `CALL ${name} ${JSON.stringify(input)}`;
}

/** A prompt that makes {@link caller} call Bash. */
export function callBash(command: string, more: object = {}): string {
  return call("Bash", { command, description: "a command", ...more });
}

/** A model that calls what the prompt says, once. */
export function caller(request: ModelRequest): ModelReply {
  const [, name = "", input = "{}"] = /^CALL (\w+) (.*)$/s.exec(promptOf(request)) ?? [];
  return name !== "" && stepOf(request) === 0 ? toolUse(name, JSON.parse(input)) : "done";
}

/** Asks one prompt after the other; one that fails does not keep the others from being asked. */
export async function askAll(cli: Recorder, prompts: readonly string[]): Promise<void> {
  for (const prompt of prompts) await cli.ask(prompt).catch(() => undefined);
  await cli.pause();
}

/** The prompt of a control request's own fields. */
export function requestOf(frame: Frame): Readonly<Record<string, unknown>> {
  return frame.request as Readonly<Record<string, unknown>>;
}
