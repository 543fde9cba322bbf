import { mkdirSync, mkdtempSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  compilePolicy,
  type PolicyContext,
  type PolicyDecision,
  type PolicyRule,
  type ToolPolicy,
} from "../../src/policy/index.js";

/** Where policies without files are compiled. */
export const NOWHERE: PolicyContext = { cwd: "/nowhere/project", home: "/nowhere/home" };

/** Decides about one call by the rules given. */
export function decide(
  rules: readonly PolicyRule[],
  tool: string,
  input: Readonly<Record<string, unknown>>,
  context: PolicyContext = NOWHERE,
  otherwise?: ToolPolicy["otherwise"],
): Promise<PolicyDecision> {
  const policy = otherwise === undefined ? { rules } : { rules, otherwise };
  return compilePolicy(policy, context).decide({ tool_name: tool, input });
}

/** What becomes of a shell command under the rules given. */
export async function verdict(
  rules: readonly PolicyRule[],
  command: string,
  context: PolicyContext = NOWHERE,
): Promise<PolicyDecision["behavior"]> {
  return (await decide(rules, "Bash", { command }, context)).behavior;
}

/** A project and a home in a fresh folder, its path free of links; `remove` ends it. */
export function temporaryProject(): { root: string; cwd: string; home: string; remove: () => void } {
  const root = realpathSync(mkdtempSync(join(tmpdir(), "offthread-policy-")));
  const [cwd, home] = [join(root, "project"), join(root, "home")];
  mkdirSync(cwd);
  mkdirSync(home);
  return { root, cwd, home, remove: () => rmSync(root, { recursive: true, force: true }) };
}
