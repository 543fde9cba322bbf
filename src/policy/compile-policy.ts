import { realpathSync } from "node:fs";
import { isAbsolute, posix } from "node:path";
import { setImmediate } from "node:timers/promises";
import { InvalidArgumentError } from "../errors.js";
import { currentToolName } from "../protocol/tool-inputs.js";
import { quoted } from "./hostile-text.js";
import { judgeCall } from "./judge.js";
import { DECISION_MS, MAX_RULES, TURN_MS } from "./limits.js";
import type { PathBase } from "./path-spellings.js";
import { compileRule, type Rule } from "./rule.js";
import type {
  CompiledPolicy,
  PolicyContext,
  PolicyDecision,
  PolicyRequest,
  ToolPolicy,
} from "./tool-policy.js";

/**
 * Checks a policy and makes it fit to decide. What is not understood is refused here rather than guessed later.
 *
 * Takes data from anywhere: the shape is checked as well as the rules.
 * @throws InvalidArgumentError naming the rule and what is wrong with it.
 */
export function compilePolicy(policy: ToolPolicy, context: PolicyContext): CompiledPolicy {
  const base = baseOf(context);
  const given: unknown = policy;
  if (!isRecord(given) || !Array.isArray(given.rules)) {
    throw new InvalidArgumentError("A tool policy must be an object with a list of rules.");
  }
  const stray = Object.keys(given).find((key) => key !== "rules" && key !== "otherwise");
  if (stray !== undefined) throw new InvalidArgumentError(`A tool policy has no field ${quoted(stray)}.`);
  const otherwise = given.otherwise ?? "deny";
  if (otherwise !== "deny" && otherwise !== "ask") {
    throw new InvalidArgumentError('The field "otherwise" of a tool policy must be "deny" or "ask".');
  }
  if (given.rules.length > MAX_RULES) {
    throw new InvalidArgumentError(
      `A tool policy has at most ${MAX_RULES} rules, but this has ${given.rules.length}.`,
    );
  }
  const rules = Array.from(given.rules, (rule: unknown, index) => ruleOf(rule, index, base));
  return { decide: (request) => decide(request, rules, otherwise, base) };
}

function baseOf(context: unknown): PathBase {
  const { cwd, home } = isRecord(context) ? context : {};
  if (typeof cwd !== "string" || !isAbsolute(cwd)) {
    throw new InvalidArgumentError(
      "A tool policy needs the absolute path of the session's working directory (cwd).",
    );
  }
  if (home !== undefined && (typeof home !== "string" || !isAbsolute(home))) {
    throw new InvalidArgumentError("The home directory of a tool policy must be an absolute path.");
  }
  const here = posix.resolve(cwd);
  const base = { cwd: here, realCwd: real(here) };
  if (home === undefined) return { ...base, home: undefined, realHome: undefined };
  return { ...base, home: posix.resolve(home), realHome: real(posix.resolve(home)) };
}

function real(path: string): string {
  try {
    return realpathSync.native(path);
  } catch {
    return path;
  }
}

function ruleOf(given: unknown, index: number, base: PathBase): Rule {
  const where = `Rule ${index + 1} of the tool policy`;
  const keys = isRecord(given) ? Object.keys(given).filter((key) => key !== "message") : [];
  const behavior = keys[0];
  if (
    !isRecord(given) ||
    keys.length !== 1 ||
    (behavior !== "allow" && behavior !== "deny" && behavior !== "ask")
  ) {
    throw new InvalidArgumentError(
      `${where} must have one of allow, deny and ask, and nothing else but a message.`,
    );
  }
  const text = given[behavior];
  const { message } = given;
  if (typeof text !== "string") throw new InvalidArgumentError(`${where}: ${behavior} must be a string.`);
  if (message !== undefined && (typeof message !== "string" || behavior !== "deny")) {
    throw new InvalidArgumentError(`${where}: a message is a string, and belongs to a deny rule.`);
  }
  try {
    return compileRule(behavior, text, message, base);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new InvalidArgumentError(`${where}, ${behavior} ${quoted(text)}, is not understood: ${reason}.`);
  }
}

async function decide(
  request: PolicyRequest,
  rules: readonly Rule[],
  otherwise: "deny" | "ask",
  base: PathBase,
): Promise<PolicyDecision> {
  const refusal = (why: string): PolicyDecision => ({
    behavior: "deny",
    reason: `This session's policy could not judge the request: ${why}.`,
  });
  let over = false;
  let timer: NodeJS.Timeout | undefined;
  const deadline = new Promise<PolicyDecision>((resolve) => {
    timer = setTimeout(() => {
      over = true;
      resolve(refusal("the file system did not answer in time"));
    }, DECISION_MS);
  });
  try {
    // Copied, so that nothing that is looked at twice can change in between.
    const { tool_name, input, ...rest } = structuredClone(request);
    if (typeof tool_name !== "string" || !isRecord(input)) return refusal("its tool or its input is missing");
    const call = { tool: currentToolName(tool_name), request: { tool_name, input, ...rest }, input };
    const judged = judgeCall(call, { rules, otherwise, base, mayGoOn: breather(() => over) });
    const decision = await Promise.race([judged, deadline]);
    if (decision.behavior !== "allow" || rest.requires_user_interaction !== true) return decision;
    return { ...decision, behavior: "ask", reason: `${decision.reason} It needs an answer from somebody.` };
  } catch {
    return refusal("something went wrong");
  } finally {
    clearTimeout(timer);
  }
}

/** Lets the thread's other sessions have their turn after every few milliseconds of matching. */
function breather(isOver: () => boolean): () => Promise<boolean> {
  let since = performance.now();
  return async () => {
    if (performance.now() - since > TURN_MS) {
      await setImmediate();
      since = performance.now();
    }
    return !isOver();
  };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
