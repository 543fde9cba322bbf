/** Answers control requests of the CLI in this thread: tools by the policy, then by the user's module. */

import { resolve } from "node:path";
import { askHandler, denial } from "../src/approvals/tool-approval.js";
import type { WorkerModule } from "../src/approvals/worker-module.js";
import type { SessionTask, ToolDecision, WorkerHandlers } from "../src/channel/control-contract.js";
import { HookTable } from "../src/hooks/hook-table.js";
import { type CompiledPolicy, compilePolicy, type PolicyContext } from "../src/policy/index.js";
import {
  type ControlAnswer,
  type ControlRequestMessage,
  controlError,
  controlSuccess,
  type HookCallbackRequest,
  type PermissionResult,
  type ToolPermissionRequest,
  toolPermissionRequest,
} from "../src/protocol/index.js";
import { loadHostModule } from "./host-module.js";
import type { LocalHandlers } from "./incoming-requests.js";

/** Tells the callbacks of this thread from those of the host. */
const CALLBACK_PREFIX = "worker-";

/** The parts of a task that say who answers here, and where the session runs. */
export type ThreadHandlersTask = Pick<SessionTask, "host" | "child">;

export class ThreadHandlers implements LocalHandlers {
  /** Settles once everything is ready; rejects with what cannot be. */
  readonly ready: Promise<WorkerHandlers>;
  readonly #task: ThreadHandlersTask;
  readonly #policy: Promise<CompiledPolicy | undefined>;
  readonly #module: Promise<WorkerModule>;
  readonly #hooks: Promise<HookTable>;
  readonly #tell: (decision: ToolDecision) => void;

  /** @param tell is told of each decision about a tool that was taken here. */
  constructor(task: ThreadHandlersTask, tell: (decision: ToolDecision) => void) {
    this.#task = task;
    this.#tell = tell;
    const { policy, module } = task.host;
    this.#policy = Promise.resolve().then(() => policy && compilePolicy(policy, contextOf(task)));
    this.#module = module === undefined ? Promise.resolve({}) : loadHostModule(module);
    this.#hooks = this.#module.then(({ hooks }) => new HookTable(hooks ?? {}, CALLBACK_PREFIX));
    this.ready = Promise.all([this.#module, this.#hooks, this.#policy]).then(
      ([, { registration: hooks }]) => ({ hooks }),
    );
    // Whoever asks for them is told; nobody has to ask.
    for (const promise of [this.#hooks, this.ready]) promise.catch(() => {});
  }

  takes({ request }: ControlRequestMessage): boolean {
    const { policy, module } = this.#task.host;
    if (isHookCall(request)) return module !== undefined && request.callback_id.startsWith(CALLBACK_PREFIX);
    return request.subtype === "can_use_tool" && (policy !== undefined || module !== undefined);
  }

  async answer(message: ControlRequestMessage, signal: AbortSignal): Promise<ControlAnswer | undefined> {
    if (isHookCall(message.request)) return this.#callHook(message.request_id, message.request, signal);
    const request = toolPermissionRequest(message);
    if (request === undefined) return denial(message, "The request names no tool and input to decide about.");
    try {
      return (await this.#askPolicy(request)) ?? (await this.#askModule(request, signal));
    } catch (error) {
      // What could not be loaded has failed the opening of the session as well.
      return denial(request, error instanceof Error ? error.message : String(error));
    }
  }

  async #callHook(id: string, call: HookCallbackRequest, signal: AbortSignal): Promise<ControlAnswer> {
    try {
      return controlSuccess(id, await (await this.#hooks).call(call, signal)).response;
    } catch (error) {
      return controlError(id, error instanceof Error ? error.message : String(error)).response;
    }
  }

  async #askPolicy(request: ToolPermissionRequest): Promise<ControlAnswer | undefined> {
    const policy = await this.#policy;
    if (policy === undefined) return undefined;
    const { behavior, rule, reason } = await policy.decide(request);
    if (behavior === "ask") return undefined;
    this.#tell({ ...about(request), behavior, by: "policy", reason, ...(rule !== undefined && { rule }) });
    if (behavior === "deny") return denial(request, reason);
    return controlSuccess(request.request_id, { behavior, updatedInput: request.input }).response;
  }

  async #askModule(request: ToolPermissionRequest, signal: AbortSignal): Promise<ControlAnswer | undefined> {
    const { onToolApproval } = await this.#module;
    if (onToolApproval === undefined) return undefined;
    const { approvalTimeoutMs: timeoutMs } = this.#task.host;
    const answer = await askHandler(onToolApproval, request, { signal, timeoutMs });
    const result = (answer as { response?: PermissionResult } | undefined)?.response;
    if (result?.behavior === "allow") this.#tell({ ...about(request), behavior: "allow", by: "module" });
    if (result?.behavior === "deny") {
      this.#tell({ ...about(request), behavior: "deny", by: "module", reason: String(result.message) });
    }
    return answer;
  }
}

function isHookCall(request: ControlRequestMessage["request"]): request is HookCallbackRequest {
  return request.subtype === "hook_callback" && typeof request.callback_id === "string";
}

/** An attached child runs where its caller has started it, which only that knows; it is taken for this process's place. */
function contextOf({ child }: ThreadHandlersTask): PolicyContext {
  const { cwd = ".", env } = "spawn" in child ? child.spawn : { env: process.env };
  const home = env.HOME ?? env.USERPROFILE;
  return { cwd: resolve(cwd), ...(home && { home }) };
}

function about(
  request: ToolPermissionRequest,
): Pick<ToolDecision, "requestId" | "toolName" | "toolUseId" | "agentId"> {
  const { request_id: requestId, tool_name: toolName, tool_use_id: toolUseId, agent_id: agentId } = request;
  return { requestId, toolName, ...(toolUseId && { toolUseId }), ...(agentId && { agentId }) };
}
