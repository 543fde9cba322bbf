/** One CLI process that serves prompts, each in a session of its own. */

import type { ToolApproval, ToolApprovalHandler } from "../approvals/tool-approval.js";
import { AsyncClient } from "../client/async-client.js";
import { refuseUnattended } from "../client/unattended.js";
import { residentMegabytes } from "../process/resident-memory.js";
import { type ClaudeOutput, isControlRequest, isResult, type ResultMessage } from "../protocol/index.js";
import type { BatchPrompt } from "./batch-prompt.js";
import type { BatchSettings } from "./batch-settings.js";
import type { PromptLaunch } from "./prompt-launch.js";
import { RESIDUE_MESSAGES, Residue } from "./residue.js";

/** What the batch itself looks at, beside the residue; all else is asked for by `transcript` and `onMessage`. */
const BATCH_MESSAGES: readonly string[] = [...RESIDUE_MESSAGES, "rate_limit_event", "system/api_retry"];

/** `/clear` takes 10 to 40 ms; a process that needs longer than this is in no state to serve. */
const CLEAR_TIMEOUT_MS = 10_000;

/** There is nothing to save: a process that is busy is told to end at once, and has its tools' trees to end. */
const END_NOW = { graceMs: 0, termMs: 2_000 } as const;

const NOBODY_DECIDES = "The batch has nobody to decide about it. Give it onToolApproval or allowed tools.";

export class WarmProcess {
  readonly key: string;
  readonly #client: AsyncClient;
  readonly #settings: BatchSettings;
  readonly #residue: Residue;
  #served = 0;
  /** The CLI's running total of dollars as of the last result. */
  #costBefore = 0;

  private constructor(key: string, client: AsyncClient, settings: BatchSettings, residue: Residue) {
    this.key = key;
    this.#client = client;
    this.#settings = settings;
    this.#residue = residue;
  }

  /**
   * Starts a process; it boots while its first prompt is already on its way.
   * @throws BinaryNotFoundError, SpawnError, InvalidArgumentError, TimeoutError, WorkerCrashedError
   */
  static async start({ key, builder }: PromptLaunch, settings: BatchSettings): Promise<WarmProcess> {
    const { pool, onToolApproval, transcript, onMessage } = settings;
    const residue = new Residue();
    const all = transcript || onMessage !== undefined;
    const client = await AsyncClient.fromBuilder(builder, {
      ...(pool && { pool }),
      ...(onToolApproval && { onToolApproval: watched(onToolApproval, residue) }),
      ...(!all && { deliver: BATCH_MESSAGES }),
    });
    return new WarmProcess(key, client, settings, residue);
  }

  get isAlive(): boolean {
    return this.#client.isAlive();
  }

  /** True once the process has written anything: then its launch was right. */
  get hasSpoken(): boolean {
    return this.#client.stats().framesReceived > 0;
  }

  /** Bytes that it has written: they tell a process that works from one that is stuck. */
  get bytesWritten(): number {
    return this.#client.stats().bytesReceived;
  }

  /**
   * Runs a prompt; `see` is told of every message that crosses, the result included.
   * @throws ConnectionClosedError, WorkerCrashedError, InvalidStateError
   */
  async ask(prompt: BatchPrompt["prompt"], see: (message: ClaudeOutput) => void): Promise<ResultMessage> {
    this.#served += 1;
    const stream = await this.#client.queryStream(prompt);
    for await (const message of stream) {
      if (isControlRequest(message)) {
        await this.#client.sendControlResponse(refuseUnattended(message, NOBODY_DECIDES));
      }
      this.#residue.see(message);
      see(message);
    }
    return stream.result();
  }

  /** What the turn of this result has cost, in US dollars. */
  costOf({ total_cost_usd }: ResultMessage): number {
    const total = total_cost_usd ?? this.#costBefore;
    // The total begins anew with a new session.
    const cost = total >= this.#costBefore ? total - this.#costBefore : total;
    this.#costBefore = total;
    return cost;
  }

  /** Makes the process ready for another prompt; false when it must be replaced. */
  async renew(): Promise<boolean> {
    if (this.#settings.isolation === "process" || !this.#maySurvive()) return false;
    try {
      const messages = await this.#client.query("/clear", { timeoutMs: CLEAR_TIMEOUT_MS });
      const result = messages.find(isResult);
      if (result !== undefined) this.costOf(result);
      this.#residue.cleared(messages);
    } catch {
      return false;
    }
    // What belongs to no turn came by itself: something goes on in there.
    return this.#residue.found === undefined && this.#client.stats().unclaimedMessages === 0;
  }

  /** Ends the process: an idle one by the end of its input, one that may be at work by a signal. Never rejects. */
  async end(how: "idle" | "busy"): Promise<void> {
    const atWork = how === "busy" || this.#residue.found !== undefined;
    await this.#client.shutdown(atWork ? END_NOW : {}).catch(() => {});
  }

  #maySurvive(): boolean {
    const { prompts, megabytes } = this.#settings.recycle;
    if (!this.isAlive || this.#residue.found !== undefined || this.#served >= prompts) return false;
    const pid = this.#client.pid();
    const resident = pid === undefined ? undefined : residentMegabytes(pid);
    return resident === undefined || resident < megabytes;
  }
}

/** The handler, and an eye on what it tells the CLI to remember. */
function watched(handler: ToolApprovalHandler, residue: Residue): ToolApprovalHandler {
  return async (request, context) => {
    const decision = await handler(request, context);
    if (remembers(decision)) residue.leave("a permission is remembered");
    return decision;
  };
}

function remembers(decision: ToolApproval): boolean {
  const answer = "subtype" in decision ? (decision as { response?: unknown }).response : decision;
  const { updatedPermissions } = (answer ?? {}) as { updatedPermissions?: unknown };
  return Array.isArray(updatedPermissions) && updatedPermissions.length > 0;
}
