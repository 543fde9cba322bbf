/**
 * The stand-in `claude` that `scriptedCli()` launches.
 *
 * argv: `inline <n> <n parts of JSON> …flags` or `file <path of JSON> …flags`; the file is removed once read.
 */
import { readFileSync, rmSync } from "node:fs";
import { STAND_IN_VERSION } from "./cli-frames.js";
import { StandIn, type StandInPlan } from "./cli-stand-in.js";

const [delivery, where = "", ...rest] = process.argv.slice(2);
const parts = delivery === "inline" ? Number(where) : 0;
const flags = rest.slice(parts);
const json = delivery === "inline" ? rest.slice(0, parts).join("") : readOnce(where);
const plan: StandInPlan & { version?: string } = JSON.parse(json);

if (flags.includes("--version") || flags.includes("-v")) {
  process.stdout.write(`${plan.version ?? STAND_IN_VERSION} (Claude Code)\n`);
} else {
  new StandIn(plan, sessionIdOf(flags)).start();
}

function readOnce(path: string): string {
  const content = readFileSync(path, "utf8");
  rmSync(path);
  return content;
}

/** `--resume` keeps the session's id, unless it is forked. */
function sessionIdOf(args: readonly string[]): string {
  const resumed = args.includes("--fork-session")
    ? undefined
    : (flagValue(args, "--resume") ?? flagValue(args, "-r"));
  return flagValue(args, "--session-id") ?? resumed ?? crypto.randomUUID();
}

function flagValue(args: readonly string[], flag: string): string | undefined {
  const joined = args.find((arg) => arg.startsWith(`${flag}=`));
  if (joined !== undefined) return joined.slice(flag.length + 1);
  const at = args.indexOf(flag);
  return at < 0 ? undefined : args[at + 1];
}
