/** Callbacks for the CLI's hooks: what is registered, and who is called. */

import { InvalidArgumentError } from "../errors.js";
import { callHandler } from "../handler-call.js";
import { milliseconds } from "../options.js";
import type { HookCallbackRequest, HookEvent, HookMatcher, HookOutput } from "../protocol/index.js";
import { HOOK_EVENTS, hookInputSchemas, hookOutputSchema } from "../protocol/index.js";
import { check } from "../protocol/validation.js";
import type { HookEntry, Hooks } from "./hooks.js";

/** The `hooks` of `initialize`. */
export type HookRegistration = Readonly<Record<string, readonly HookMatcher[]>>;

/** Ours alone: told of no time, the CLI (2.1.330) still waits for a callback after nine minutes. */
const DEFAULT_TIMEOUT_MS = 60_000;

type AnyHandler = (
  input: unknown,
  context: { readonly signal: AbortSignal; readonly toolUseId?: string },
) => unknown;

/** An entry of whatever event, and not checked yet. */
type AnyEntry = Omit<HookEntry<HookEvent>, "handler"> & { readonly handler: AnyHandler };

interface Callback {
  readonly event: string;
  readonly handler: AnyHandler;
  readonly timeoutMs: number;
  readonly onFailure: "continue" | "block";
}

export class HookTable {
  /** What the CLI is told in `initialize`. */
  readonly registration: HookRegistration;
  readonly #callbacks = new Map<string, Callback>();

  /**
   * @param prefix of the callback ids: tables of different prefixes never answer for each other
   * @throws InvalidArgumentError for an entry that cannot work
   */
  constructor(hooks: Hooks, prefix: string) {
    const registration: Record<string, HookMatcher[]> = {};
    for (const [event, given] of Object.entries(hooks)) {
      if (given === undefined) continue;
      if (!Object.hasOwn(hookInputSchemas, event)) {
        throw new InvalidArgumentError(
          `There is no hook event "${event}": the CLI would never call it. Those there are: ${HOOK_EVENTS.join(", ")}.`,
        );
      }
      const entries: readonly unknown[] = Array.isArray(given) ? given : [given];
      registration[event] = entries.map((entry) => this.#register(event, entry, prefix));
    }
    this.registration = registration;
  }

  /**
   * Calls the handler. One of `PreToolUse` that fails denies the tool, unless its `onFailure` is `continue`.
   * @throws what the handler throws, TimeoutError, InvalidArgumentError for an output that is none
   */
  async call(
    { callback_id, input, tool_use_id }: HookCallbackRequest,
    signal: AbortSignal,
  ): Promise<HookOutput> {
    const callback = this.#callbacks.get(callback_id);
    if (callback === undefined) throw new InvalidArgumentError(`There is no hook callback "${callback_id}".`);
    try {
      return await run(callback, input, tool_use_id ?? undefined, signal);
    } catch (error) {
      // A denial tells the model why; of an error answer it learns nothing but that there was one.
      if (callback.event !== "PreToolUse" || callback.onFailure === "continue") throw error;
      const reason = `A hook of the host failed: ${error instanceof Error ? error.message : String(error)}`;
      return {
        hookSpecificOutput: {
          hookEventName: callback.event,
          permissionDecision: "deny",
          permissionDecisionReason: reason,
        },
      };
    }
  }

  #register(event: string, given: unknown, prefix: string): HookMatcher {
    const entry = (typeof given === "function" ? { handler: given } : given) as AnyEntry;
    if (typeof entry !== "object" || entry === null || typeof entry.handler !== "function")
      throw new InvalidArgumentError(`A hook of ${event} must be a function, or an object with a handler.`);
    const { handler, matcher, timeoutMs = DEFAULT_TIMEOUT_MS } = entry;
    const { onFailure = event === "PreToolUse" ? "block" : "continue" } = entry;
    if (matcher !== undefined) checkMatcher(event, matcher);
    if (onFailure !== "continue" && onFailure !== "block")
      throw new InvalidArgumentError(`onFailure of a hook of ${event} must be "continue" or "block".`);
    milliseconds(`timeoutMs of a hook of ${event}`, timeoutMs);
    const id = `${prefix}${this.#callbacks.size}`;
    this.#callbacks.set(id, { event, handler, timeoutMs, onFailure });
    return {
      hookCallbackIds: [id],
      // A second more than ours: a late handler is told of here, with its reason.
      timeout: Math.ceil(timeoutMs / 1_000) + 1,
      ...(matcher !== undefined && { matcher }),
      // Also what only the CLI finds wrong with an answer fails then, instead of counting as an empty one.
      ...(onFailure === "block" && { onFailure }),
    };
  }
}

/** The registrations of two tables as one; hooks of the same event are called beside each other. */
export function mergeRegistrations(first: HookRegistration, second: HookRegistration): HookRegistration {
  const events = new Set([...Object.keys(first), ...Object.keys(second)]);
  return Object.fromEntries(
    [...events].map((event) => [event, [...(first[event] ?? []), ...(second[event] ?? [])]]),
  );
}

async function run(
  { event, handler, timeoutMs }: Callback,
  input: unknown,
  toolUseId: string | undefined,
  signal: AbortSignal,
): Promise<HookOutput> {
  const call = async (over: AbortSignal): Promise<HookOutput> => {
    const context = { signal: over, ...(toolUseId !== undefined && { toolUseId }) };
    const output: unknown = (await handler(input, context)) ?? {};
    if (check(hookOutputSchema, output).length === 0) return named(event, output as HookOutput);
    throw new InvalidArgumentError(`The hook of ${event} gave something that is no output.`);
  };
  return callHandler(call, { signal, timeoutMs, missing: `The hook of ${event} gave no output` });
}

/** To the CLI (2.1.330) a matcher that it cannot compile is one that matches nothing. */
function checkMatcher(event: string, matcher: unknown): void {
  if (typeof matcher !== "string")
    throw new InvalidArgumentError(`The matcher of a hook of ${event} must be a string.`);
  if (matcher === "" || matcher === "*") return;
  try {
    new RegExp(matcher);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new InvalidArgumentError(`The matcher of a hook of ${event} would match nothing: ${reason}.`, {
      cause,
    });
  }
}

/** The CLI (2.1.330) refuses an answer whose `hookSpecificOutput` does not name the event: a denial would be none. */
function named(event: string, output: HookOutput): HookOutput {
  const { hookSpecificOutput: own } = output;
  if (own === undefined || own === null) return output;
  const { hookEventName = event } = own;
  if (hookEventName === event) return { ...output, hookSpecificOutput: { ...own, hookEventName } };
  throw new InvalidArgumentError(
    `The hook of ${event} gave an output for ${String(hookEventName)}: hookEventName must be "${event}".`,
  );
}
