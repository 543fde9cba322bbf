/** A workload that does what a test wants of it. */

import { spawn } from "node:child_process";
import { appendFileSync } from "node:fs";
import type { Measure } from "../../../bench/scenario.js";

/** How to behave. */
export interface Played {
  readonly how:
    | "measure"
    | "throw"
    | "exit"
    | "die"
    | "hang"
    | "junk"
    | "silence"
    | "nonsense"
    | "leave child";
  /** File to which `name` is added when it runs. */
  readonly diary?: string;
  readonly name?: string;
}

/** Its name from the suite's point of view: workloads lie in `bench/workloads/`. */
export const PLAYED = "../../test/bench/workloads/played";

export const measure: Measure<Played> = async ({ how, diary, name }) => {
  if (diary !== undefined) appendFileSync(diary, `${name}\n`);
  switch (how) {
    case "measure":
      process.stdout.write("libraries print, too\n");
      return { ms: 5, environment: Object.keys(process.env).length };
    case "throw":
      throw new Error("the digest does not fit");
    case "exit":
      return process.exit(3);
    case "die":
      process.kill(process.pid, "SIGKILL");
      return new Promise(() => {});
    case "hang":
      setInterval(() => {}, 1_000);
      return new Promise(() => {});
    case "junk":
      process.stdout.write("{ no JSON\n");
      return process.exit(0);
    case "silence":
      return process.exit(0);
    case "nonsense":
      return { ms: Number.NaN };
    case "leave child": {
      const child = spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"], { stdio: "inherit" });
      return { ms: 1, pid: child.pid ?? 0 };
    }
  }
};
