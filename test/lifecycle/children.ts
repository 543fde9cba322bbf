/** What the hosts of these tests have running when their end comes. */

import { spawnSync } from "node:child_process";
import { randomUUID } from "node:crypto";
import type { LaunchSpec } from "../../src/launch/launch-spec.js";
import {
  assistant,
  flood,
  ignoreEof,
  ignoreSigterm,
  init,
  onUser,
  requestPermission,
  scriptedCli,
  sleep,
  spawnGrandchild,
  toolUse,
  turn,
} from "../../src/testing/index.js";
import type { HostProgram, SeenProcess } from "../support/host-program.js";
import { startRealCli } from "../support/real-cli.js";

/** Answers the host's question with a whole turn, and waits for the next one. */
const RESTS = onUser(turn());
const FOR_EVER = sleep(60_000);

/** Waits for a prompt. */
export const idle = scriptedCli([RESTS]);
/** In the middle of an answer. */
export const midTurn = scriptedCli([onUser([init(), assistant("one moment"), FOR_EVER])]);
/** Waits for the host's leave to run a tool. */
export const asksPermission = scriptedCli([onUser([init(), requestPermission("Bash", {})])]);
/** Writes more than the pipe and the high-water mark hold. */
export const floods = scriptedCli([
  onUser([init(), assistant("lots"), flood({ count: 10_000, bytes: 50_000 }), FOR_EVER]),
]);
export const ignoresEof = scriptedCli([ignoreEof(), RESTS]);
export const ignoresSigterm = scriptedCli([ignoreSigterm(), RESTS]);
/** Ignores both the end of stdin and SIGTERM: only SIGKILL ends it. */
export const stubborn = scriptedCli([ignoreEof(), ignoreSigterm(), RESTS]);
/** Has tools in process groups of their own, of which the second takes no SIGTERM. */
export const hasTools = scriptedCli([spawnGrandchild(), spawnGrandchild({ ignoreSigterm: true }), RESTS]);
/** Takes only SIGKILL, and so does its tool. */
export const stubbornWithTool = scriptedCli([
  ignoreEof(),
  ignoreSigterm(),
  spawnGrandchild({ ignoreSigterm: true }),
  RESTS,
]);

const SETPRIV = ["/usr/bin/setpriv", "/bin/setpriv"].find((path) =>
  spawnSync(path, ["--help"], { encoding: "utf8", env: {} }).stdout?.includes("--pdeathsig"),
);

/**
 * Where children get SIGTERM when the thread that has spawned them ends, however it ends. Elsewhere a child that
 * does not heed the end of stdin outlives a host that is killed, and so does one whose turn never ends.
 */
export const HAS_GUARD = SETPRIV !== undefined;

/** The same child as on a system that has no such guard. */
export function unguarded(launch: LaunchSpec): LaunchSpec {
  if (SETPRIV === undefined) return launch;
  return {
    ...launch,
    command: SETPRIV,
    args: ["--pdeathsig", "clear", "--", launch.command, ...launch.args],
  };
}

/** One of each kind, and how many processes that makes. */
export const ALL_KINDS: { readonly launches: readonly LaunchSpec[]; readonly processes: number } = {
  launches: [
    idle,
    unguarded(midTurn),
    asksPermission,
    floods,
    ignoresEof,
    stubborn,
    hasTools,
    stubbornWithTool,
  ],
  processes: 11,
};

/** The real CLI, launched so that its first turn runs a tool that never ends by itself. */
export interface RealTool extends AsyncDisposable {
  readonly launch: LaunchSpec;
  /** Waits until the host's CLI runs the tool; gives all that the host has started. */
  running(host: HostProgram): Promise<SeenProcess[]>;
}

/** Prepares a launch of the real CLI with such a tool. */
export async function realCliWithTool(): Promise<RealTool> {
  const name = `no-such-file-${randomUUID()}`;
  // A lone `sleep` is refused by the CLI.
  const call = toolUse("Bash", { command: `tail -F ${name}`, description: "waits" });
  const cli = await startRealCli([call, "never said"]);
  const isTool = ({ commandLine }: SeenProcess) =>
    commandLine.startsWith("tail") && commandLine.includes(name);
  return {
    launch: cli.builder.allowedTools("Bash").build(),
    async running(host) {
      return host.until("the tool", () => {
        const found = host.processes();
        return found.some(isTool) && found;
      });
    },
    [Symbol.asyncDispose]: () => cli.dispose(),
  };
}
