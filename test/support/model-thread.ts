/** A scripted model in a thread of its own: it goes on while the main loop is blocked. */

import { fileURLToPath } from "node:url";
import { isMainThread, parentPort, Worker, workerData } from "node:worker_threads";
import { type ModelReply, startScriptedModel } from "../../src/testing/index.js";

/** A running model; made by {@link startModelThread}. */
export interface ModelThread extends AsyncDisposable {
  readonly url: string;
}

/** Starts a model that gives these replies in order. */
export async function startModelThread(replies: readonly ModelReply[]): Promise<ModelThread> {
  const worker = new Worker(fileURLToPath(import.meta.url), { workerData: { replies } });
  const url = await new Promise<string>((resolve, reject) => {
    worker.once("message", resolve);
    worker.once("error", reject);
  });
  return {
    url,
    async [Symbol.asyncDispose]() {
      await worker.terminate();
    },
  };
}

if (!isMainThread && parentPort !== null) {
  const { replies } = workerData as { replies: readonly ModelReply[] };
  const model = await startScriptedModel(replies);
  parentPort.postMessage(model.url);
}
