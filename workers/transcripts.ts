/** The thread that reads and changes stored sessions: takes calls, each with a port of its own. */

import { parentPort } from "node:worker_threads";
import { answer } from "../src/channel/fault.js";
import type { TranscriptNotice, TranscriptTask } from "../src/channel/transcript-contract.js";
import { runCall } from "./transcripts/calls.js";
import { Handover } from "./transcripts/handover.js";

parentPort?.on("message", (task: TranscriptTask) => void run(task));

async function run({ call, port }: TranscriptTask): Promise<void> {
  const handover = new Handover(port);
  const reply = await answer(async () => {
    const value = await runCall(call, handover);
    await handover.finish();
    return value;
  });
  const end: TranscriptNotice = { kind: "end", answer: reply };
  port.postMessage(end);
}
