/** `claude-offthread doctor`: what was found, and whether it works. */

import type { Check } from "./check.js";
import { checkBinary, checkClaudeVersion, checkLogin } from "./doctor-claude.js";
import { checkNode, checkOrphanGuard, checkThreads } from "./doctor-host.js";
import { selfTest } from "./doctor-self-test.js";
import { ExitCode } from "./exit-codes.js";
import { InterruptKey } from "./interrupt-key.js";
import { readManifest } from "./package-manifest.js";
import { visible } from "./visible-text.js";

/** Options of `claude-offthread doctor`. */
export interface DoctorFlags {
  readonly claude?: string;
  readonly json?: boolean;
}

/** Runs all checks, prints each as soon as it is done, and gives the exit code: failed when any has failed. */
export async function runDoctor(flags: DoctorFlags): Promise<ExitCode> {
  // Ctrl+C must run the exit hooks, which end what the checks have started.
  new InterruptKey();
  const { version } = readManifest();
  const checks: Check[] = [];
  if (flags.json !== true) print(`claude-offthread ${version} on ${process.platform} ${process.arch}\n`);
  for await (const check of allChecks(flags)) {
    checks.push(check);
    if (flags.json !== true) print(line(check));
  }
  const count = (status: Check["status"]) => checks.filter((check) => check.status === status).length;
  const healthy = count("fail") === 0;
  if (flags.json === true) {
    const { platform, arch } = process;
    print(JSON.stringify({ ok: healthy, version, platform, arch, checks }, undefined, 2));
  } else {
    print(`\n${count("ok")} ok, ${count("warn")} to know about, ${count("fail")} failed`);
  }
  return healthy ? ExitCode.success : ExitCode.failed;
}

async function* allChecks(flags: DoctorFlags): AsyncGenerator<Check> {
  yield checkNode();
  yield checkThreads();
  yield await checkOrphanGuard();
  const { check, found } = await checkBinary(flags.claude);
  yield check;
  if (found !== undefined) {
    yield await checkClaudeVersion(found);
    yield await checkLogin(found);
  }
  for await (const step of selfTest()) yield { ...step, name: `self-test: ${step.name}` };
}

function line({ status, name, detail }: Check): string {
  return `${status.padEnd(6)}${name.padEnd(23)}${visible(detail)}`;
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}
