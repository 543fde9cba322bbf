/** Where the tour takes place: the real CLI, cut off from the network and from the user's own settings. */

import { once } from "node:events";
import { Worker } from "node:worker_threads";
import {
  AsyncClient,
  ClaudeCliBuilder,
  type FoundBinary,
  findClaude,
  SessionPool,
  type ToolApprovalHandler,
} from "../index.js";
import { type OfflineEnv, offlineEnv } from "../testing/index.js";

const MODEL_FILE = new URL("./tour-model-thread.js", import.meta.url);
const START_TIMEOUT_MS = 10_000;

/** How one of the tour's clients is started. */
export interface StageClientOptions {
  /** Whether text arrives piece by piece. */
  readonly partial: boolean;
  readonly onToolApproval?: ToolApprovalHandler;
}

export class TourStage {
  readonly binary: FoundBinary;
  readonly #model: Worker;
  readonly #offline: OfflineEnv;
  readonly #pool = new SessionPool({ threads: 1 });
  readonly #ended: AbortSignal;

  private constructor(binary: FoundBinary, model: Worker, offline: OfflineEnv, ended: AbortSignal) {
    this.binary = binary;
    this.#model = model;
    this.#offline = offline;
    this.#ended = ended;
  }

  /**
   * Finds the binary, starts the model and makes temporary folders.
   * @param ended ends every client that is still open.
   * @throws BinaryNotFoundError, SpawnError
   */
  static async open(claude: string | undefined, ended: AbortSignal): Promise<TourStage> {
    const binary = await findClaude({ command: claude });
    const model = new Worker(MODEL_FILE);
    const [baseUrl] = await once(model, "message", { signal: AbortSignal.timeout(START_TIMEOUT_MS) });
    return new TourStage(binary, model, offlineEnv({ baseUrl: String(baseUrl) }), ended);
  }

  /** Starts the real CLI. */
  startClient({ partial, onToolApproval }: StageClientOptions): Promise<AsyncClient> {
    const builder = new ClaudeCliBuilder()
      .command(this.binary.path)
      .cleanEnv(this.#offline.env)
      .workingDirectory(this.#offline.cwd)
      .includePartialMessages(partial);
    const options = { pool: this.#pool, signal: this.#ended };
    return AsyncClient.fromBuilder(builder, { ...options, ...(onToolApproval && { onToolApproval }) });
  }

  /** Ends the clients and the threads, and removes the folders. */
  async close(): Promise<void> {
    await this.#pool.close();
    await this.#model.terminate();
    await this.#offline.dispose();
  }
}
