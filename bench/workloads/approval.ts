/** A turn of tool calls that need approval, on the real CLI, under a host of its own process. */

import { toolUse } from "../../src/testing/index.js";
import { measureOnStage } from "../real-cli/stage.js";
import type { Measure } from "../scenario.js";
import { type ApprovalInput, traceOf, WORK_DONE, WORK_PROMPT } from "./approval-host.js";

export const measure: Measure<ApprovalInput> = async (input) => {
  const steps = Array.from({ length: input.calls }, (_, call) =>
    toolUse("Bash", { command: `touch ${traceOf(call)}`, description: "leave a trace" }),
  );
  const script = [{ when: WORK_PROMPT, reply: [...steps, WORK_DONE] }];
  const { measurement, model } = await measureOnStage(script, { workload: "approval-host", input });
  // A request for each step, and none was repeated: a retry would be the model's time, not the host's.
  if (model.mainRequests.length !== input.calls + 1)
    throw new Error(`The model was asked ${model.mainRequests.length} times, not ${input.calls + 1}.`);
  return measurement;
};
