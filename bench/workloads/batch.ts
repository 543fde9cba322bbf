/** Many independent prompts on the real CLI, under a host of its own process. */

import { promptOf } from "../../src/testing/index.js";
import { measureOnStage } from "../real-cli/stage.js";
import type { Measure } from "../scenario.js";
import { answerText, type BatchInput } from "./batch-host.js";

export const measure: Measure<BatchInput> = async (input) => {
  const { measurement, model } = await measureOnStage((request) => answerText(promptOf(request)), {
    workload: "batch-host",
    input,
  });
  // More would be retries, or an earlier prompt that was asked again.
  if (model.mainRequests.length !== input.prompts)
    throw new Error(`The model was asked ${model.mainRequests.length} times for ${input.prompts} prompts.`);
  return measurement;
};
