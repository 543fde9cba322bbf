/** Deciding about tools by rules, without asking anybody. */
export { compilePolicy } from "./compile-policy.js";
export type {
  CompiledPolicy,
  PolicyContext,
  PolicyDecision,
  PolicyRequest,
  PolicyRule,
  ToolPolicy,
} from "./tool-policy.js";
