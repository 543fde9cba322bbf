/** The host's side of a session: who answers what the CLI asks, and what the CLI has to be told of it. */

import { fileURLToPath, pathToFileURL } from "node:url";
import type { HostTask, WorkerHandlers } from "../channel/control-contract.js";
import { AbortError, InvalidArgumentError, InvalidStateError } from "../errors.js";
import { HookTable, mergeRegistrations } from "../hooks/hook-table.js";
import type { InProcessMcpServer } from "../mcp/transport.js";
import { milliseconds } from "../options.js";
import {
  controlSuccess,
  type HookCallbackRequest,
  type McpMessageRequest,
  type McpServerConfig,
} from "../protocol/index.js";
import { approvals } from "./approvals.js";
import { elicitations, userDialogs } from "./dialogs.js";
import type { HostOptions } from "./host-options.js";
import type { RequestHandler } from "./host-requests.js";
import { type McpInitializeFields, McpServers, type SendToCli } from "./mcp-servers.js";

/** Tells the callbacks of this thread from those of a module in the worker. */
const CALLBACK_PREFIX = "host-";

export class Host {
  /** The handlers that run in this thread, by the subtype they answer. */
  readonly handlers: ReadonlyMap<string, RequestHandler>;
  /** What the worker must know. */
  readonly task: HostTask;
  readonly #options: HostOptions;
  readonly #hooks: HookTable;
  readonly #servers: McpServers;
  /** Servers that are not in this process. */
  readonly #otherServers: Readonly<Record<string, McpServerConfig>>;
  #sendToCli: SendToCli = () => Promise.reject(new InvalidStateError("The session is not open yet."));

  /** @throws InvalidArgumentError for options that cannot work */
  constructor(options: HostOptions) {
    const { approvalTimeoutMs, policy, workerModule } = options;
    if (approvalTimeoutMs !== undefined) milliseconds("approvalTimeoutMs", approvalTimeoutMs);
    const module = workerModule === undefined ? undefined : moduleUrl(workerModule);
    this.#options = options;
    this.#hooks = new HookTable(options.hooks ?? {}, CALLBACK_PREFIX);
    const { own, others } = sorted(options.mcpServers ?? {});
    // Last of what may be refused: servers are taken hold of here, and nobody could let them go.
    this.#servers = new McpServers(own, (...message) => this.#sendToCli(...message));
    this.#otherServers = others;
    this.handlers = this.#handlers(options);
    this.task = {
      takes: [...this.handlers.keys()],
      policy,
      module,
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
    return isNotEmpty(this.#otherServers) || this.#options.initialize?.plugins != null;
  }

  /** True when something of the options reaches the CLI by `initialize` alone. */
  hasToIntroduce(worker: WorkerHandlers | undefined): boolean {
    const registered = [this.#hooks.registration, worker?.hooks ?? {}, this.#otherServers];
    return this.#options.initialize !== undefined || this.hasServers || registered.some(isNotEmpty);
  }

  /** The session is open: from now on servers in this process can speak to the CLI. */
  connect(sendToCli: SendToCli): void {
    this.#sendToCli = sendToCli;
  }

  /** The session is over: servers in this process may serve another one. */
  close(): void {
    void this.#servers.close();
  }

  /** The fields of `initialize`; `worker` is what a module in the worker thread adds. */
  fields(worker: WorkerHandlers | undefined): Record<string, unknown> {
    const hooks = mergeRegistrations(this.#hooks.registration, worker?.hooks ?? {});
    const mcpServers = this.#otherServers;
    return {
      ...this.#options.initialize,
      ...(isNotEmpty(hooks) && { hooks }),
      ...(isNotEmpty(mcpServers) && { mcpServers }),
    };
  }

  /**
   * Changes the set of MCP servers; `tell` sends `mcp_set_servers`.
   * @throws InvalidStateError for a server of this process when the client was opened without `mcpServers`
   */
  setServers<Answer>(
    servers: NonNullable<HostOptions["mcpServers"]>,
    tell: (servers: Readonly<Record<string, McpServerConfig>>) => Promise<Answer>,
  ): Promise<Answer> {
    const { own, others } = sorted(servers);
    if (isNotEmpty(own) && !this.handlers.has("mcp_message")) {
      const message = "Servers of this process need a client that was opened with mcpServers, if only {}.";
      return Promise.reject(new InvalidStateError(message));
    }
    return this.#servers.replace(own, (entries) => tell({ ...others, ...entries }));
  }

  /** True when there are MCP servers in this process. */
  get hasServers(): boolean {
    return this.#servers.names.length > 0;
  }

  /** What `initialize` says of the servers in this process, which are asked for it. */
  serverFields(): Promise<McpInitializeFields> {
    return this.#servers.fields();
  }

  #handlers(options: HostOptions): ReadonlyMap<string, RequestHandler> {
    const handlers = new Map<string, RequestHandler>();
    const { onToolApproval, approvalTimeoutMs, hooks, onElicitation, onUserDialog } = options;
    if (onToolApproval) handlers.set("can_use_tool", approvals(onToolApproval, approvalTimeoutMs));
    if (hooks) handlers.set("hook_callback", (message, signal) => this.#callHook(message, signal));
    if (options.mcpServers) handlers.set("mcp_message", this.#handToServer);
    if (onElicitation) handlers.set("elicitation", elicitations(onElicitation));
    if (onUserDialog) handlers.set("request_user_dialog", userDialogs(onUserDialog));
    return handlers;
  }

  readonly #handToServer: RequestHandler = async ({ request_id: id, request }, signal) => {
    const { server_name, message } = request as McpMessageRequest;
    try {
      const { mcp_response } = await this.#servers.handle(server_name, message, signal);
      return controlSuccess(id, { mcp_response }).response;
    } catch (error) {
      // The CLI has withdrawn the call by a message to the server: it wants no answer.
      if (error instanceof AbortError) return undefined;
      throw error;
    }
  };

  readonly #callHook: RequestHandler = async ({ request_id: id, request }, signal) => {
    const output = await this.#hooks.call(request as HookCallbackRequest, signal);
    return controlSuccess(id, output).response;
  };
}

function isNotEmpty(record: object): boolean {
  return Object.keys(record).length > 0;
}

/** Servers of this process, and those that the CLI starts or reaches by itself. */
function sorted(servers: NonNullable<HostOptions["mcpServers"]>) {
  const own: Record<string, InProcessMcpServer> = {};
  const others: Record<string, McpServerConfig> = {};
  for (const [name, server] of Object.entries(servers)) {
    if (isInProcess(server)) own[name] = server;
    else others[name] = server;
  }
  return { own, others };
}

function isInProcess(server: InProcessMcpServer | McpServerConfig): server is InProcessMcpServer {
  return "instance" in server;
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
