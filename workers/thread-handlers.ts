/** Answers control requests of the CLI in this thread, by the user's module. */

import { askHandler, denial } from "../src/approvals/tool-approval.js";
import type { WorkerModule } from "../src/approvals/worker-module.js";
import type { HostTask, ToolDecision, WorkerHandlers } from "../src/channel/control-contract.js";
import { InvalidArgumentError } from "../src/errors.js";
import {
  type ControlAnswer,
  type ControlRequestMessage,
  type PermissionResult,
  type ToolPermissionRequest,
  toolPermissionRequest,
} from "../src/protocol/index.js";
import type { LocalHandlers } from "./incoming-requests.js";

export class ThreadHandlers implements LocalHandlers {
  /** Settles once everything is loaded; rejects with what cannot be. */
  readonly ready: Promise<WorkerHandlers>;
  readonly #host: HostTask;
  readonly #module: Promise<WorkerModule>;
  readonly #tell: (decision: ToolDecision) => void;

  /** @param tell is told of each decision about a tool that was taken here. */
  constructor(host: HostTask, tell: (decision: ToolDecision) => void) {
    this.#host = host;
    this.#tell = tell;
    this.#module = host.module === undefined ? Promise.resolve({}) : loadModule(host.module);
    this.ready = this.#module.then(({ onToolApproval }) => ({ approvals: onToolApproval !== undefined }));
    // Whoever asks for it is told; nobody has to ask.
    this.ready.catch(() => {});
  }

  takes({ request }: ControlRequestMessage): boolean {
    return request.subtype === "can_use_tool" && this.#host.module !== undefined;
  }

  async answer(message: ControlRequestMessage, signal: AbortSignal): Promise<ControlAnswer | undefined> {
    const request = toolPermissionRequest(message);
    if (request === undefined) return undefined;
    return this.#askModule(request, signal);
  }

  async #askModule(request: ToolPermissionRequest, signal: AbortSignal): Promise<ControlAnswer | undefined> {
    let handler: WorkerModule["onToolApproval"];
    try {
      handler = (await this.#module).onToolApproval;
    } catch (error) {
      return denial(request, error instanceof Error ? error.message : String(error));
    }
    if (handler === undefined) return undefined;
    const answer = await askHandler(handler, request, { signal, timeoutMs: this.#host.approvalTimeoutMs });
    if (answer !== undefined) this.#tellOf(request, answer, "module");
    return answer;
  }

  #tellOf(request: ToolPermissionRequest, answer: ControlAnswer, by: ToolDecision["by"]): void {
    const result = (answer as { response?: PermissionResult }).response;
    if (result?.behavior !== "allow" && result?.behavior !== "deny") return;
    this.#tell({
      requestId: request.request_id,
      toolName: request.tool_name,
      ...(request.tool_use_id && { toolUseId: request.tool_use_id }),
      behavior: result.behavior,
      by,
      ...(result.behavior === "deny" && { reason: String(result.message) }),
    });
  }
}

async function loadModule(url: string): Promise<WorkerModule> {
  let found: { readonly onToolApproval?: unknown; readonly default?: unknown };
  try {
    found = (await import(url)) as typeof found;
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new InvalidArgumentError(`The worker module ${url} cannot be loaded: ${reason}`, { cause });
  }
  const { onToolApproval } = found;
  if (onToolApproval !== undefined && typeof onToolApproval !== "function")
    throw new InvalidArgumentError(`The worker module ${url} exports an onToolApproval that is no function.`);
  if (onToolApproval === undefined)
    throw new InvalidArgumentError(
      `The worker module ${url} exports nothing that is known: no onToolApproval.`,
    );
  return found as WorkerModule;
}
