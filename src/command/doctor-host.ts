/** What the doctor finds out about the machine. */

import { availableParallelism } from "node:os";
import { captureRun } from "./captured-run.js";
import { type Check, fail, ok, warn } from "./check.js";
import { readManifest } from "./package-manifest.js";

const PROBE_TIMEOUT_MS = 2_000;

/** Whether this Node is one that the package supports; `range` as in `>=20`. */
export function checkNode(version = process.versions.node, range = readManifest().nodeRange): Check {
  const least = Number(/\d+/.exec(range)?.[0]);
  if (Number.parseInt(version, 10) >= least) return ok("node", `${version} (supported: ${range})`);
  return fail("node", `${version} is too old (supported: ${range}); install a newer Node`);
}

/** How many worker threads a pool uses by default. */
export function checkThreads(parallelism = availableParallelism()): Check {
  if (parallelism > 1) return ok("threads", `${parallelism} can run in parallel`);
  return warn("threads", "only 1 can run at a time; the worker and your own code take turns");
}

/**
 * Whether the system ends the children of a host that is killed outright. On Linux `setpriv --pdeathsig` asks the
 * kernel to; elsewhere, and without it, a child only sees its stdin close, which ends claude unless a tool runs.
 */
export async function checkOrphanGuard(platform: NodeJS.Platform = process.platform): Promise<Check> {
  const name = "guard";
  if (platform !== "linux") {
    return ok(name, `${platform} has none: after a SIGKILL of the host, claude ends when its stdin closes`);
  }
  for (const path of ["/usr/bin/setpriv", "/bin/setpriv"]) {
    const help = await captureRun(path, ["--help"], { env: {}, timeoutMs: PROBE_TIMEOUT_MS });
    if ("stdout" in help && help.stdout.includes("--pdeathsig")) {
      return ok(name, `${path} ends claude also after a SIGKILL of the host`);
    }
  }
  return warn(
    name,
    "no setpriv with --pdeathsig (package util-linux): after a SIGKILL of the host, claude ends only when its stdin closes",
  );
}
