/** What the doctor finds out about the `claude` executable. */

import { ClaudeCliBuilder, checkVersion, type FoundBinary, findClaude, toSpawnable } from "../index.js";
import { captureRun } from "./captured-run.js";
import { type Check, fail, ok, warn } from "./check.js";

const LOGIN_TIMEOUT_MS = 10_000;

const SOURCES: Readonly<Record<FoundBinary["source"], string>> = {
  explicit: "named by --claude",
  path: "on PATH",
  package: "in an installed package",
};

/** Looks for the executable as a launch would do it; `found` is missing when there is none. */
export async function checkBinary(
  command: string | undefined,
): Promise<{ check: Check; found?: FoundBinary }> {
  try {
    const found = await findClaude({ command });
    return { check: ok("claude", `${found.path} (${SOURCES[found.source]})`), found };
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return { check: fail("claude", `${message} On the command line that is --claude <path>.`) };
  }
}

/** Compares the executable's version with the tested one. */
export async function checkClaudeVersion({ path }: FoundBinary): Promise<Check> {
  const { status, version, tested, detail } = await checkVersion(path);
  switch (status) {
    case "same":
      return ok("version", `${version}, the tested one`);
    case "unknown":
      return fail("version", `${path} does not tell its version: ${detail}; is it Claude Code?`);
    default:
      return warn("version", `${version} is ${status} than ${tested}, the tested one; most things work`);
  }
}

/** The login state as the executable itself reports it, for the environment that a launch would have. */
export async function checkLogin({ path }: FoundBinary): Promise<Check> {
  const { env } = toSpawnable(new ClaudeCliBuilder().build());
  const run = await captureRun(path, ["auth", "status", "--json"], { env, timeoutMs: LOGIN_TIMEOUT_MS });
  if ("failure" in run) return warn("login", `unknown: ${run.failure}`);
  const status = parseStatus(run.stdout);
  if (status === undefined) return warn("login", "unknown: this version of claude does not report it");
  if (status.loggedIn !== true) {
    return warn(
      "login",
      "not logged in: run `claude auth login`, or set ANTHROPIC_API_KEY (the tour needs neither)",
    );
  }
  // These three are names from fixed sets (a token has dashes). Nothing else of the report is shown: a report gets pasted into issues.
  const how = [status.authMethod, status.apiProvider, status.subscriptionType].flatMap((word) =>
    typeof word === "string" && /^[\w.]{1,30}$/.test(word) ? [word] : [],
  );
  return ok("login", `logged in${how.length === 0 ? "" : ` (${how.join(", ")})`}`);
}

interface LoginStatus {
  readonly loggedIn: unknown;
  readonly authMethod?: unknown;
  readonly apiProvider?: unknown;
  readonly subscriptionType?: unknown;
}

function parseStatus(stdout: string): LoginStatus | undefined {
  try {
    const value: unknown = JSON.parse(stdout);
    return typeof value === "object" && value !== null && "loggedIn" in value ? value : undefined;
  } catch {
    return undefined;
  }
}
