/** The session's MCP servers. */

import type { InProcessMcpServer } from "../../mcp/transport.js";
import type { AnyObject, McpServerConfig, McpServerStatus } from "../../protocol/index.js";
import type { WaitOptions } from "../deadline.js";
import type { Host } from "../host.js";
import type { ControlRequests, PromisedAnswer } from "./control-requests.js";

/** How to call a tool of an MCP server. */
export interface McpCallOptions extends WaitOptions {
  /** The tool runs only if the session's permission rules let it; by default it runs unasked. */
  readonly checkPermissions?: boolean;
  /** The server's own content blocks, neither resized nor shortened for a model. */
  readonly resultNotForModel?: boolean;
}

/** `client.mcp`: looks at the MCP servers of a running session, changes them, and calls their tools. */
export class McpControl {
  readonly #requests: ControlRequests;
  readonly #host: Host;

  /** @internal */
  constructor(requests: ControlRequests, host: Host) {
    this.#requests = requests;
    this.#host = host;
  }

  /** All servers and how they fare. */
  async status(options: WaitOptions = {}): Promise<McpServerStatus[]> {
    return (await this.#requests.ask("mcp_status", {}, options, "mcpServers")).mcpServers;
  }

  /** Connects a server anew; rejects with `ControlRequestError` when that fails. */
  async reconnect(serverName: string, options: WaitOptions = {}): Promise<void> {
    await this.#requests.ask("mcp_reconnect", { serverName }, options);
  }

  /** Switches a server off, or on again. */
  async toggle(serverName: string, enabled: boolean, options: WaitOptions = {}): Promise<void> {
    await this.#requests.ask("mcp_toggle", { serverName, enabled }, options);
  }

  /**
   * Replaces the servers that were set at run time: one that is not named is removed. A server that does not start
   * is in `errors`, by its name; the others are there all the same. Servers of this process count among them.
   */
  setServers(
    servers: Readonly<Record<string, InProcessMcpServer | McpServerConfig>>,
    options: WaitOptions = {},
  ): Promise<PromisedAnswer<"mcp_set_servers", "added" | "removed" | "errors">> {
    const fields = ["added", "removed", "errors"] as const;
    return this.#host.setServers(servers, (wire) =>
      this.#requests.ask("mcp_set_servers", { servers: wire }, options, ...fields),
    );
  }

  /** Reads a resource of the scheme `ui://`; others are refused by the CLI (2.1.330). */
  async readResource(
    serverName: string,
    uri: string,
    options: WaitOptions = {},
  ): Promise<PromisedAnswer<"mcp_read_resource", "contents">["contents"]> {
    return (await this.#requests.ask("mcp_read_resource", { serverName, uri }, options, "contents")).contents;
  }

  /** Calls a tool, such as `mcp__server__tool`, without a turn of the model and without a word to it. */
  call(
    tool: string,
    args: AnyObject = {},
    { checkPermissions, resultNotForModel, ...options }: McpCallOptions = {},
  ): Promise<PromisedAnswer<"mcp_call", "content">> {
    const fields = {
      tool,
      arguments: args,
      check_permissions: checkPermissions,
      result_not_for_model: resultNotForModel,
    };
    return this.#requests.ask("mcp_call", fields, options, "content");
  }

  /**
   * Another permission mode for the tools of one server; null takes it back. Gives the CLI's warning, if it has one.
   */
  async setPermissionModeOverride(
    serverName: string,
    mode: "default" | "auto" | null,
    options: WaitOptions = {},
  ): Promise<{ readonly warning?: string }> {
    const fields = { serverName, mode };
    const { warning } = await this.#requests.ask("set_mcp_permission_mode_override", fields, options);
    return typeof warning === "string" ? { warning } : {};
  }
}
