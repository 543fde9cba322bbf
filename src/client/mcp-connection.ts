/** One in-process MCP server of a client: connected when it is first needed, and again after it has closed itself. */

import { InvalidArgumentError, InvalidStateError, TimeoutError } from "../errors.js";
import {
  DEFAULT_TOOL_TIMEOUT_MS,
  type InProcessMcpServer,
  type JsonRpcMessage,
  type McpInstance,
} from "../mcp/transport.js";
import { DEFAULT_LIMITS, milliseconds } from "../options.js";
import { Deadline, type WaitOptions } from "./deadline.js";
import { McpLink } from "./mcp-link.js";

/** Servers that serve one client at a time, while they do. */
const taken = new WeakSet<McpInstance>();

const REQUEST_TIMED_OUT = -32001;

export class McpConnection {
  readonly name: string;
  readonly #config: InProcessMcpServer;
  readonly #toCli: (message: JsonRpcMessage) => Promise<void>;
  #link: Promise<McpLink> | undefined;
  #current: McpLink | undefined;
  /** Waits for the server, which its end ends as well: a server may never have been connected. */
  readonly #waits = new Set<Deadline>();
  #closed = false;

  constructor(name: string, config: InProcessMcpServer, toCli: (message: JsonRpcMessage) => Promise<void>) {
    if (typeof config?.instance?.connect !== "function") {
      throw new InvalidArgumentError(`The MCP server "${name}" has no instance that can be connected.`);
    }
    if (config.timeout !== undefined) milliseconds(`timeout of the MCP server "${name}"`, config.timeout);
    if (taken.has(config.instance)) {
      throw new InvalidStateError(
        `The instance of the MCP server "${name}" serves a client already. It can serve one at a time: ` +
          "make an instance for each client, or use createMcpServer().",
      );
    }
    if (config.instance.servesMany !== true) taken.add(config.instance);
    this.name = name;
    this.#config = config;
    this.#toCli = toCli;
  }

  /** Whether it is the connection of this very server. */
  serves({ instance }: InProcessMcpServer): boolean {
    return instance === this.#config.instance;
  }

  /** What the CLI is told beside the name; undefined when there is nothing. */
  get wireConfig(): Record<string, unknown> | undefined {
    const { timeout, tools } = this.#config;
    if (timeout === undefined && tools === undefined) return undefined;
    return { ...(timeout !== undefined && { timeout }), ...(tools && { tools }) };
  }

  /** The server's response to a request; when it is late that is a response too, which tells the model. */
  async request(message: JsonRpcMessage, signal: AbortSignal): Promise<JsonRpcMessage> {
    const { method, id } = message;
    const isCall = method === "tools/call";
    const callMs = this.#config.timeout ?? DEFAULT_TOOL_TIMEOUT_MS;
    const timeoutMs = isCall ? callMs : DEFAULT_LIMITS.requestTimeoutMs;
    try {
      const what = `The request "${method}" to the MCP server "${this.name}"`;
      return await this.#withLink(what, { signal, timeoutMs }, (link, deadline) =>
        link.request(message, deadline),
      );
    } catch (error) {
      if (!(error instanceof TimeoutError)) throw error;
      const failure = isCall
        ? { result: { content: [{ type: "text", text: error.message }], isError: true } }
        : { error: { code: REQUEST_TIMED_OUT, message: error.message } };
      return { jsonrpc: "2.0", id, ...failure };
    }
  }

  /** Hands on a message that has no answer. */
  async tell(message: JsonRpcMessage, signal: AbortSignal): Promise<void> {
    const what = `The message to the MCP server "${this.name}"`;
    const options = { signal, timeoutMs: DEFAULT_LIMITS.requestTimeoutMs };
    await this.#withLink(what, options, (link) => link.tell(message));
  }

  async close(): Promise<void> {
    this.#closed = true;
    await this.#current?.close();
    for (const wait of this.#waits) wait.expire(this.#closedError());
    this.release();
  }

  /** Gives up the claim on the instance. */
  release(): void {
    taken.delete(this.#config.instance);
  }

  async #withLink<T>(
    what: string,
    options: WaitOptions,
    use: (link: McpLink, deadline: Deadline) => T | Promise<T>,
  ): Promise<T> {
    const deadline = new Deadline(what, options);
    this.#waits.add(deadline);
    try {
      return await use(await deadline.race(this.#linked()), deadline);
    } finally {
      deadline.clear();
      this.#waits.delete(deadline);
    }
  }

  /** The connection; a new one when there is none, or the server has closed it. */
  async #linked(): Promise<McpLink> {
    if (this.#closed) throw this.#closedError();
    if (this.#link === undefined || this.#current?.closed === true) this.#link = this.#connect();
    return this.#link;
  }

  async #connect(): Promise<McpLink> {
    const link = new McpLink(this.name, this.#toCli);
    this.#current = link;
    try {
      await this.#config.instance.connect(link);
    } catch (cause) {
      await link.close();
      const reason = cause instanceof Error ? cause.message : String(cause);
      throw new InvalidStateError(`The MCP server "${this.name}" cannot be connected: ${reason}`, { cause });
    }
    if (this.#closed) {
      await link.close();
      throw this.#closedError();
    }
    return link;
  }

  #closedError(): InvalidStateError {
    return new InvalidStateError(`The MCP server "${this.name}" has been removed, or its client shut down.`);
  }
}
