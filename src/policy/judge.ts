import { quoted } from "./hostile-text.js";
import type { PathBase } from "./path-spellings.js";
import {
  partSubject,
  SHELL_TOOLS,
  type Subject,
  shellParts,
  type ToolCall,
  wholeRequest,
} from "./request-subject.js";
import { type Rule, ruleFits } from "./rule.js";
import type { ShellPart } from "./shell-parts.js";
import type { PolicyDecision } from "./tool-policy.js";

/** What a request is judged by. */
export interface Judge {
  readonly rules: readonly Rule[];
  readonly otherwise: "deny" | "ask";
  readonly base: PathBase;
  /**
   * Waits for the thread's other work now and then. False once the time for the decision is over, so that what is still
   * running can stop.
   */
  readonly mayGoOn: () => Promise<boolean>;
}

/** Decides about a call by the first rule that fits; of a shell command, about every part of it. */
export async function judgeCall(call: ToolCall, judge: Judge): Promise<PolicyDecision> {
  if (!SHELL_TOOLS.has(call.tool)) return judgeSubject(await wholeRequest(call, judge.base), judge);
  const first = judge.rules.find((rule) => rule.concerns(call));
  // The usual policies end here for a shell that is not restricted, and nothing needs to be parsed.
  if (first === undefined) return unmatched({ call }, judge);
  if (first.content === undefined && first.tool !== "Read" && first.tool !== "Edit") {
    return byRule(first, { call });
  }
  return judgeParts(await shellParts(call, judge.base.home), call, judge);
}

async function judgeParts(
  parts: readonly ShellPart[],
  call: ToolCall,
  judge: Judge,
): Promise<PolicyDecision> {
  let worst: PolicyDecision | undefined;
  for (const part of parts) {
    const decision = await judgePart(part, call, judge);
    if (worst === undefined || SEVERITY[decision.behavior] > SEVERITY[worst.behavior]) worst = decision;
    if (worst.behavior === "deny") return worst;
  }
  return worst ?? unmatched({ call }, judge);
}

const SEVERITY = { allow: 0, ask: 1, deny: 2 } as const;

async function judgePart(part: ShellPart, call: ToolCall, judge: Judge): Promise<PolicyDecision> {
  if (part.kind !== "command") return judgeSubject(await partSubject(call, part, judge.base), judge);
  const subject = { call, part };
  const rule = await firstRule(subject, part.maybe, judge);
  const own = rule && byRule(rule, subject);
  if (part.instead === undefined || own?.behavior === "deny") return own ?? unmatched(subject, judge);
  if (rule?.behavior === "allow" && rule.content !== undefined) {
    // It allows this very command; only a rule before it can be against what the command runs.
    const before = { ...judge, rules: judge.rules.slice(0, judge.rules.indexOf(rule)) };
    return (await objection(part.instead, call, before)) ?? byRule(rule, subject);
  }
  // Otherwise it is as good as what it runs.
  const inner = await judgeParts(part.instead, call, judge);
  return own?.behavior !== "ask" || inner.behavior === "deny" ? inner : own;
}

/** The first decision of a rule against one of the parts; a deny before an ask. */
async function objection(
  parts: readonly ShellPart[],
  call: ToolCall,
  judge: Judge,
): Promise<PolicyDecision | undefined> {
  let found: PolicyDecision | undefined;
  for (const part of parts) {
    const decision = await judgePart(part, call, judge);
    if (decision.rule === undefined || decision.behavior === "allow") continue;
    if (decision.behavior === "deny") return decision;
    found ??= decision;
  }
  return found;
}

/** The first rule that fits the command, or that is against anything that it may run besides. */
async function firstRule(
  subject: Subject,
  maybe: readonly ShellPart[],
  { rules, base, mayGoOn }: Judge,
): Promise<Rule | undefined> {
  const others = await Promise.all(maybe.map((part) => partSubject(subject.call, part, base)));
  for (const rule of rules) {
    if (!(await mayGoOn())) return undefined;
    if (await ruleFits(rule, subject)) return rule;
    if (rule.behavior === "allow") continue;
    for (const other of others) if (await ruleFits(rule, other)) return rule;
  }
  return undefined;
}

async function judgeSubject(subject: Subject, judge: Judge): Promise<PolicyDecision> {
  for (const rule of judge.rules) {
    if (!(await judge.mayGoOn())) break;
    if (await ruleFits(rule, subject)) return byRule(rule, subject);
  }
  return unmatched(subject, judge);
}

function byRule({ behavior, text, message }: Rule, subject: Subject): PolicyDecision {
  const why = whyUnclear(subject, behavior);
  const rule = `The rule ${quoted(text)} of this session's policy`;
  const standard =
    why === ""
      ? `${rule} ${VERBS[behavior]} ${named(subject)}.`
      : `${rule} may be against ${named(subject)}${why}.`;
  return { behavior, rule: text, reason: message ?? standard };
}

const VERBS = { allow: "allows", deny: "forbids", ask: "demands that somebody is asked about" } as const;

function unmatched(subject: Subject, { otherwise }: Judge): PolicyDecision {
  const { part } = subject;
  const behavior = part?.kind === "unknown" && part.final ? "deny" : otherwise;
  const advice = behavior === "deny" ? " It cannot be used; do the task another way, or do without." : "";
  return {
    behavior,
    reason: `No rule of this session's policy allows ${named(subject)}${whyUnclear(subject, behavior)}.${advice}`,
  };
}

function named({ call, part }: Subject): string {
  return part === undefined ? `this use of ${call.tool}` : `${quoted(part.text)} in this command`;
}

/** Why a rule that one may have expected to allow it does not. */
function whyUnclear({ part, files }: Subject, behavior: PolicyDecision["behavior"]): string {
  if (behavior === "allow") return "";
  if (part?.kind === "unknown" || part?.kind === "uncovered") return `: ${part.why}`;
  if (files?.unclear !== undefined) return `: ${files.unclear}`;
  if (part?.kind !== "command" || part.words.every((word) => word.kind !== "dynamic")) return "";
  return ": no rule covers words that the shell expands (variables, substitutions, braces); write them out";
}
