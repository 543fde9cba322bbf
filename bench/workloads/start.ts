/** The real CLI from its start to its end, under a host of its own process. */

import { text } from "../../src/testing/index.js";
import type { Talker } from "../real-cli/conversation.js";
import { measureOnStage } from "../real-cli/stage.js";
import type { Measure } from "../scenario.js";
import { ANSWER, ENDLESS_PROMPT, type Moment, PROMPT } from "./start-host.js";

/** Which moment of whose conversation. */
export interface StartInput {
  readonly talker: Talker;
  readonly moment: Moment;
}

const ENDLESS_ANSWER = text("word ".repeat(5_000), { chunkSize: 5, delayMs: 20 });
/** An empty one is a few hundred characters; the CLI's own is more than ten thousand. */
const LEAST_PROMPT_LENGTH = 5_000;

export const measure: Measure<StartInput> = async (input) => {
  const script = [
    { when: PROMPT, reply: ANSWER },
    { when: ENDLESS_PROMPT, reply: ENDLESS_ANSWER },
  ];
  const { measurement, model } = await measureOnStage(script, { workload: "start-host", input });
  const wanted = input.moment === "second" ? 2 : 1;
  if (model.mainRequests.length !== wanted)
    throw new Error(`The model was asked ${model.mainRequests.length} times, not ${wanted}.`);
  for (const { body } of model.mainRequests) {
    const { length } = JSON.stringify(body.system ?? "");
    if (length < LEAST_PROMPT_LENGTH)
      throw new Error(
        `The CLI's system prompt is missing (${length} characters): not the same work for all.`,
      );
  }
  return measurement;
};
