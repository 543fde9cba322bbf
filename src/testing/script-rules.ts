import { InvalidArgumentError } from "../errors.js";
import type { CliReply, CliRule, CliStep, ControlAnswer } from "./cli-script.js";
import { turn } from "./script-steps.js";

/**
 * Answers user messages: the first with the first reply, and so on; the last one repeats. Without any rule
 * the stand-in echoes the prompt. A reply of steps is taken as it is: `turn(...)` adds init and result.
 * @example scriptedCli([onUser("hello", turn(sleep(50), "later"), exit(3))])
 */
export function onUser(...replies: readonly CliReply[]): CliRule {
  return onPrompt("", ...replies);
}

/** Like {@link onUser}, for prompts that contain a text. The first rule of the script that fits is taken. */
export function onPrompt(containing: string, ...replies: readonly CliReply[]): CliRule {
  if (replies.length === 0) throw new InvalidArgumentError("onUser() and onPrompt() need at least one reply");
  return { on: "user", containing, replies: replies.map(stepOf) };
}

/**
 * Answers a control request of the host: with a payload, with {@link controlError}, or not at all.
 * `initialize`, `interrupt` and the common setters have defaults; all others are refused as unsupported.
 * @example onControl("set_model", controlError("no such model", "not_found"))
 */
export function onControl(
  subtype: string,
  answer: Readonly<Record<string, unknown>> | ControlAnswer | "ignore",
  options: { delayMs?: number } = {},
): CliRule {
  const given: ControlAnswer = isControlAnswer(answer)
    ? answer
    : answer === "ignore"
      ? { kind: "ignore" }
      : { kind: "success", response: answer };
  return { on: "control", subtype, answer: given, delayMs: options.delayMs ?? 0 };
}

/** An error answer for {@link onControl}; `code` is the wire's `error_code`. */
export function controlError(message: string, code?: string): ControlAnswer {
  return { kind: "error", message, ...(code === undefined ? {} : { code }) };
}

function stepOf(reply: CliReply): CliStep {
  if (typeof reply === "string") return turn(reply);
  return "do" in reply ? reply : { do: "steps", steps: reply };
}

function isControlAnswer(answer: object | string): answer is ControlAnswer {
  return (
    typeof answer === "object" &&
    "kind" in answer &&
    (answer.kind === "success" || answer.kind === "error" || answer.kind === "ignore")
  );
}
