/** The in-process MCP servers of one client: what the CLI is told about them, and its messages to them. */

import { InvalidArgumentError, InvalidStateError } from "../errors.js";
import type { InProcessMcpServer, JsonRpcMessage } from "../mcp/transport.js";
import type { McpServerConfig } from "../protocol/index.js";
import { McpConnection } from "./mcp-connection.js";
import { captureManifest, type McpManifest } from "./mcp-manifest.js";

/** Sends a message of a server's own to the CLI, as the control request `mcp_message`. */
export type SendToCli = (serverName: string, message: JsonRpcMessage) => Promise<void>;

/** What an answer to the CLI's `mcp_message` holds. The result in it may have `Uint8Array`s for base64. */
export interface McpAnswer {
  readonly mcp_response: JsonRpcMessage;
}

/** What `initialize` says about in-process servers. */
export interface McpInitializeFields {
  readonly sdkMcpServers: string[];
  readonly sdkMcpServerConfigs?: Record<string, Record<string, unknown>>;
  readonly sdkMcpServerManifests?: Record<string, McpManifest>;
}

/** All servers together have so long to introduce themselves; the CLI asks one that is late itself. */
const MANIFEST_BUDGET_MS = 250;

/** What the CLI wants for a message that has no answer. */
const ACKNOWLEDGED: McpAnswer = { mcp_response: { jsonrpc: "2.0", result: {}, id: 0 } };

export class McpServers {
  readonly #connections = new Map<string, McpConnection>();
  readonly #send: SendToCli;
  #closed = false;

  /**
   * @param servers by the names that the CLI shall know them by, as in `mcp__<name>__<tool>`
   * @throws InvalidArgumentError for what is no such server; InvalidStateError for one that serves another client
   */
  constructor(servers: Readonly<Record<string, InProcessMcpServer>>, send: SendToCli) {
    this.#send = send;
    try {
      for (const [name, config] of Object.entries(servers)) this.add(name, config);
    } catch (error) {
      for (const connection of this.#connections.values()) connection.release();
      throw error;
    }
  }

  /** Names of the servers. */
  get names(): string[] {
    return [...this.#connections.keys()];
  }

  /**
   * What `initialize` shall say. The servers are connected and asked to introduce themselves, which saves the CLI three
   * questions to each; this takes 250 ms at most.
   */
  async fields(): Promise<McpInitializeFields> {
    const configs = Object.fromEntries(
      [...this.#connections].flatMap(([name, { wireConfig }]) => (wireConfig ? [[name, wireConfig]] : [])),
    );
    const manifests = await this.#manifests();
    return {
      sdkMcpServers: this.names,
      ...(Object.keys(configs).length > 0 && { sdkMcpServerConfigs: configs }),
      ...(Object.keys(manifests).length > 0 && { sdkMcpServerManifests: manifests }),
    };
  }

  /**
   * Hands a message of the CLI to its server. Always settles: by the server's answer, a deadline, the signal, or
   * {@link close}.
   * @throws InvalidArgumentError for a message that is none, or for nobody; AbortError when it was withdrawn: then the
   * CLI wants no answer; InvalidStateError when the server is closed
   */
  async handle(serverName: string, message: unknown, signal: AbortSignal): Promise<McpAnswer> {
    const connection = this.#connections.get(serverName);
    if (connection === undefined) throw this.#closed ? closedError() : this.#unknown(serverName);
    if (!isJsonRpc(message)) {
      throw new InvalidArgumentError(
        `The CLI sent the MCP server "${serverName}" what is no JSON-RPC message.`,
      );
    }
    if (message.method !== undefined && message.id !== undefined) {
      return { mcp_response: await connection.request(message, signal) };
    }
    await connection.tell(message, signal);
    return ACKNOWLEDGED;
  }

  /**
   * Takes on a server, for `mcp_set_servers`.
   * @returns what `mcp_set_servers` says about it
   * @throws as the constructor; InvalidArgumentError for a name that is taken
   */
  add(name: string, config: InProcessMcpServer): McpServerConfig {
    if (this.#closed) throw closedError();
    if (name === "") throw new InvalidArgumentError("An MCP server needs a name.");
    if (this.#connections.has(name)) {
      throw new InvalidArgumentError(`There is an MCP server "${name}" already; remove it first.`);
    }
    const connection = new McpConnection(name, config, (message) => this.#send(name, message));
    this.#connections.set(name, connection);
    return wireEntry(name, connection);
  }

  /**
   * Changes the whole set, in step with the CLI: `tell` sends `mcp_set_servers`, whose entries for these servers it is
   * given. Those that are not named any more are closed once the CLI has agreed; if it does not, all stays as it was.
   * @throws as the constructor, and what `tell` throws
   */
  async replace<Answer>(
    servers: Readonly<Record<string, InProcessMcpServer>>,
    tell: (entries: Readonly<Record<string, McpServerConfig>>) => Promise<Answer>,
  ): Promise<Answer> {
    const added: string[] = [];
    try {
      for (const [name, config] of Object.entries(servers)) {
        if (this.#connections.get(name)?.serves(config)) continue;
        this.add(name, config);
        added.push(name);
      }
      const named = [...this.#connections].filter(([name]) => Object.hasOwn(servers, name));
      const answer = await tell(
        Object.fromEntries(named.map(([name, connection]) => [name, wireEntry(name, connection)])),
      );
      const gone = this.names.filter((name) => !Object.hasOwn(servers, name));
      await Promise.all(gone.map((name) => this.remove(name)));
      return answer;
    } catch (error) {
      await Promise.all(added.map((name) => this.remove(name)));
      throw error;
    }
  }

  /** Closes a server's connection and forgets it; false when there is none of that name. */
  async remove(name: string): Promise<boolean> {
    const connection = this.#connections.get(name);
    this.#connections.delete(name);
    await connection?.close();
    return connection !== undefined;
  }

  /** Closes all connections; what waits is aborted. The servers may then serve another client. */
  async close(): Promise<void> {
    this.#closed = true;
    await Promise.all(this.names.map((name) => this.remove(name)));
  }

  async #manifests(): Promise<Record<string, McpManifest>> {
    const budget = new AbortController();
    const timer = setTimeout(() => budget.abort(), MANIFEST_BUDGET_MS);
    const captured = [...this.#connections].map(async ([name, connection]) => {
      const manifest = await captureManifest(connection, budget.signal);
      return manifest === undefined ? [] : [[name, manifest] as const];
    });
    try {
      return Object.fromEntries((await Promise.all(captured)).flat());
    } finally {
      clearTimeout(timer);
    }
  }

  #unknown(serverName: string): InvalidArgumentError {
    const names = this.names.map((name) => `"${name}"`).join(", ") || "none";
    return new InvalidArgumentError(`This client has no MCP server "${serverName}"; it has ${names}.`);
  }
}

/** How `mcp_set_servers` names a server of this process. */
function wireEntry(name: string, { wireConfig }: McpConnection): McpServerConfig {
  return { type: "sdk", name, ...wireConfig };
}

function closedError(): InvalidStateError {
  return new InvalidStateError("The client of these MCP servers has been shut down.");
}

function isJsonRpc(message: unknown): message is JsonRpcMessage {
  if (typeof message !== "object" || message === null) return false;
  return "method" in message ? typeof message.method === "string" : "id" in message;
}
