/** The host's side of a session: who answers what the CLI asks, and what the CLI has to be told of it. */

import { fileURLToPath, pathToFileURL } from "node:url";
import type { HostTask, WorkerHandlers } from "../channel/control-contract.js";
import { InvalidArgumentError } from "../errors.js";
import { HookTable, mergeRegistrations } from "../hooks/hook-table.js";
import { milliseconds } from "../options.js";
import { controlSuccess, type HookCallbackRequest } from "../protocol/index.js";
import { approvals } from "./approvals.js";
import { elicitations, userDialogs } from "./dialogs.js";
import type { HostOptions } from "./host-options.js";
import type { RequestHandler } from "./host-requests.js";

/** Tells the callbacks of this thread from those of a module in the worker. */
const CALLBACK_PREFIX = "host-";

export class Host {
  /** The handlers that run in this thread, by the subtype they answer. */
  readonly handlers: ReadonlyMap<string, RequestHandler>;
  /** What the worker must know. */
  readonly task: HostTask;
  readonly #options: HostOptions;
  readonly #hooks: HookTable;

  /** @throws InvalidArgumentError for options that cannot work */
  constructor(options: HostOptions) {
    const { approvalTimeoutMs, policy, workerModule } = options;
    if (approvalTimeoutMs !== undefined) milliseconds("approvalTimeoutMs", approvalTimeoutMs);
    this.#options = options;
    this.#hooks = new HookTable(options.hooks ?? {}, CALLBACK_PREFIX);
    this.handlers = this.#handlers(options);
    this.task = {
      takes: [...this.handlers.keys()],
      policy,
      module: workerModule === undefined ? undefined : moduleUrl(workerModule),
      approvalTimeoutMs,
    };
  }

  /** True when somebody decides about tools: then the CLI has to be told to ask. */
  get decidesAboutTools(): boolean {
    const { onToolApproval, policy, workerModule } = this.#options;
    return onToolApproval !== undefined || policy !== undefined || workerModule !== undefined;
  }

  /** True when something in the worker thread has to be ready before the first prompt. */
  get needsWorker(): boolean {
    return this.#options.policy !== undefined || this.#options.workerModule !== undefined;
  }

  /** True when the CLI must not start its work before `initialize`: it would start without these. */
  get mustBeAwaited(): boolean {
    const { initialize } = this.#options;
    return initialize?.mcpServers != null || initialize?.plugins != null;
  }

  /** The fields of `initialize`; `worker` is what a module in the worker thread adds. */
  fields(worker: WorkerHandlers | undefined): Record<string, unknown> {
    const hooks = mergeRegistrations(this.#hooks.registration, worker?.hooks ?? {});
    return { ...this.#options.initialize, ...(Object.keys(hooks).length > 0 && { hooks }) };
  }

  #handlers(options: HostOptions): ReadonlyMap<string, RequestHandler> {
    const handlers = new Map<string, RequestHandler>();
    const { onToolApproval, approvalTimeoutMs, hooks, onElicitation, onUserDialog } = options;
    if (onToolApproval) handlers.set("can_use_tool", approvals(onToolApproval, approvalTimeoutMs));
    if (hooks) handlers.set("hook_callback", (message, signal) => this.#callHook(message, signal));
    if (onElicitation) handlers.set("elicitation", elicitations(onElicitation));
    if (onUserDialog) handlers.set("request_user_dialog", userDialogs(onUserDialog));
    return handlers;
  }

  readonly #callHook: RequestHandler = async ({ request_id: id, request }, signal) => {
    const output = await this.#hooks.call(request as HookCallbackRequest, signal);
    return controlSuccess(id, output).response;
  };
}

function moduleUrl(given: URL | string): string {
  try {
    const url =
      typeof given === "string" && !given.startsWith("file:") ? pathToFileURL(given) : new URL(given);
    fileURLToPath(url);
    return url.href;
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new InvalidArgumentError(`workerModule must be a path or a file: URL: ${reason}`, { cause });
  }
}
