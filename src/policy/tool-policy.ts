/** What a policy is, and what it decides: plain data, fit for structured clone. */

/** A rule in the CLI's own syntax, for example `Bash(git log *)`, and what becomes of the requests that it matches. */
export type PolicyRule =
  | { readonly allow: string }
  | {
      readonly deny: string;
      /** What the model reads instead of the standard reason. */
      readonly message?: string;
    }
  | { readonly ask: string };

/** Which tools may run without anybody being asked. */
export interface ToolPolicy {
  /** In order: the first rule that matches decides. At most 1,000. */
  readonly rules: readonly PolicyRule[];
  /** What becomes of a request that no rule matches. Default: `deny`. */
  readonly otherwise?: "deny" | "ask";
}

/** Where the session runs: what the paths in rules and requests are relative to. */
export interface PolicyContext {
  /** The session's working directory, absolute. */
  readonly cwd: string;
  /** The home directory of the CLI's user, absolute. Without it a rule may not begin with `~/`. */
  readonly home?: string;
}

/** The fields of a `can_use_tool` request that decide; what else a request has does not matter. */
export interface PolicyRequest {
  readonly tool_name: string;
  readonly input: Readonly<Record<string, unknown>>;
  /** The path that the CLI itself objects to; judged like a path of the input. */
  readonly blocked_path?: string | null | undefined;
  readonly mcp_server?: { readonly name?: string | null | undefined } | null | undefined;
  /** True when a plain yes is no answer: what a rule allows is then asked. */
  readonly requires_user_interaction?: boolean | null | undefined;
}

/** What becomes of a request. */
export interface PolicyDecision {
  readonly behavior: "allow" | "deny" | "ask";
  /** The rule that decided, as it was written; absent when none did. */
  readonly rule?: string;
  /** Why, in words for the model and the log. */
  readonly reason: string;
}

/** A policy that was checked and can decide. */
export interface CompiledPolicy {
  /**
   * Decides about one request. Never throws and never rejects; what cannot be judged within five seconds is denied.
   * Reads the file system (links on the paths in question), changes nothing.
   */
  decide(request: PolicyRequest): Promise<PolicyDecision>;
}
