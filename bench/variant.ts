/** One round of one variant in a process of its own: `node variant.js <workload> <input as JSON>`. */

import type { Measure } from "./scenario.js";

const [workload = "", input = "null"] = process.argv.slice(2);
const { measure } = (await import(new URL(`./workloads/${workload}.js`, import.meta.url).href)) as {
  measure: Measure<unknown>;
};
process.stdout.write(`${JSON.stringify(await measure(JSON.parse(input)))}\n`);
// A peer may keep handles open; what had to be measured is over.
process.exit(0);
