import type { ToolApprovalHandler } from "../approvals/tool-approval.js";
import type { ToolDecision } from "../channel/control-contract.js";
import type { Hooks } from "../hooks/hooks.js";
import type { InProcessMcpServer } from "../mcp/transport.js";
import type { ToolPolicy } from "../policy/index.js";
import type { InitializeRequest, McpServerConfig } from "../protocol/index.js";
import type { ElicitationHandler, UserDialogHandler } from "./dialogs.js";

/** What may be told in `initialize`, under the wire's names. Hooks and servers of the host have options of their own. */
export type InitializeFields = {
  readonly [Field in keyof InitializeRequest as string extends Field
    ? never
    : Field extends "subtype" | "hooks" | "mcpServers" | `sdkMcp${string}`
      ? never
      : Field]: InitializeRequest[Field];
};

/** Who answers what the CLI asks of its host. A client that starts the CLI by a builder also asks it to ask. */
export interface HostOptions {
  /**
   * Decides about tools that no rule covers. Without a handler the requests are messages, to be answered by
   * `sendControlResponse`; `query()` denies them.
   */
  readonly onToolApproval?: ToolApprovalHandler;
  /** Milliseconds after which a tool is denied that no handler has decided about. Default: none. */
  readonly approvalTimeoutMs?: number;
  /**
   * Rules that decide in the worker thread, before anybody else and whatever this thread does. What they leave to be
   * asked goes on to the module, then to `onToolApproval`.
   */
  readonly policy?: ToolPolicy;
  /**
   * A module that answers in the worker thread, whatever this thread does: a `file:` URL, such as
   * `new URL("./approvals.js", import.meta.url)`. What it may export: `WorkerModule`. What it leaves undecided comes
   * to this thread.
   */
  readonly workerModule?: URL | string;
  /** Told of each decision about a tool that was taken in the worker thread. */
  readonly onDecision?: (decision: ToolDecision) => void;
  /** Called at events of the CLI's work. Opening the client then waits until the CLI has taken them. */
  readonly hooks?: Hooks;
  /**
   * MCP servers by the name under which the CLI shall know them: those of this process (`createMcpServer`, or an
   * `McpServer` of the MCP SDK), and others to start or reach, which stay off the command line.
   */
  readonly mcpServers?: Readonly<Record<string, InProcessMcpServer | McpServerConfig>>;
  /** Answers what an MCP server asks the user. One that throws declines. Default: requests are messages. */
  readonly onElicitation?: ElicitationHandler;
  /** Shows a dialog of the CLI's. One that throws cancels it. Default: requests are messages. */
  readonly onUserDialog?: UserDialogHandler;
  /**
   * What is told to the CLI before the first prompt instead of on its command line: agents, system prompt, JSON schema,
   * skills, title, … With `plugins` a client that starts the CLI by a builder makes it wait for them.
   * Opening the client then waits for the CLI's answer, and fails if it refuses.
   */
  readonly initialize?: InitializeFields;
}
