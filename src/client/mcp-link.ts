/**
 * The connection of one in-process MCP server to the CLI. The server sees a transport; the client asks it and gets its
 * answers.
 *
 * The server knows requests by ids of this link's own: the CLI begins anew at 0 when it reconnects, and what is asked
 * here before the CLI does must not be taken for one of its requests.
 */

import { AbortError, InvalidStateError } from "../errors.js";
import type { JsonRpcId, JsonRpcMessage, McpTransport } from "../mcp/transport.js";
import type { Deadline } from "./deadline.js";

interface Pending {
  resolve(response: JsonRpcMessage): void;
  reject(error: Error): void;
}

export class McpLink implements McpTransport {
  /** Results cross to the worker as bytes, and become base64 there. */
  readonly acceptsBytes = true;
  onclose: (() => void) | undefined;
  onerror: ((error: Error) => void) | undefined;
  onmessage: McpTransport["onmessage"];
  readonly #serverName: string;
  readonly #toCli: (message: JsonRpcMessage) => Promise<void>;
  readonly #pending = new Map<JsonRpcId, Pending>();
  /** Ids of the CLI's requests that wait, and what the server knows them by. */
  readonly #own = new Map<JsonRpcId, number>();
  /** Servers of the MCP SDK cannot cancel a request 0. */
  #nextId = 1;
  #closed = false;

  constructor(serverName: string, toCli: (message: JsonRpcMessage) => Promise<void>) {
    this.#serverName = serverName;
    this.#toCli = toCli;
  }

  get closed(): boolean {
    return this.#closed;
  }

  // The transport, for the server.

  async start(): Promise<void> {}

  async send(message: JsonRpcMessage): Promise<void> {
    if (this.#closed) throw this.#closedError();
    if (message.method !== undefined) return this.#toCli(message);
    // Without a receiver it is the answer to a request that was given up.
    if (message.id !== undefined) this.#pending.get(message.id)?.resolve(message);
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    const error = this.#closedError();
    for (const pending of [...this.#pending.values()]) pending.reject(error);
    this.onclose?.();
  }

  // The other end, for the client.

  /**
   * Hands a request to the server and gives its response, which may hold bytes. When the deadline comes before, the
   * server is told that the request is cancelled.
   * @throws the deadline's error; InvalidStateError when the connection is closed
   */
  async request(message: JsonRpcMessage, deadline: Deadline): Promise<JsonRpcMessage> {
    if (this.#closed) throw this.#closedError();
    if (deadline.error !== undefined) throw deadline.error;
    const id = this.#nextId++;
    const cliId = message.id;
    if (cliId !== undefined) this.#own.set(cliId, id);
    const forget = deadline.onExpiry(() => this.#cancel(id, deadline.error?.message ?? ""));
    try {
      const answered = new Promise<JsonRpcMessage>((resolve, reject) => {
        this.#pending.set(id, { resolve, reject });
        this.#deliver({ ...message, id });
      });
      return { ...(await deadline.race(answered)), id: cliId };
    } finally {
      forget();
      this.#pending.delete(id);
      if (cliId !== undefined && this.#own.get(cliId) === id) this.#own.delete(cliId);
    }
  }

  /** Hands on what has no answer: a notification, or the response to a request of the server's. */
  tell(message: JsonRpcMessage): void {
    if (this.#closed) throw this.#closedError();
    const { method, params } = message;
    const cancels = method === "notifications/cancelled";
    const id = cancels ? this.#own.get(params?.requestId as JsonRpcId) : undefined;
    if (!cancels) this.#deliver(message);
    if (id === undefined) return;
    this.#deliver({ ...message, params: { ...params, requestId: id } });
    const error = new AbortError(`The CLI has cancelled a request to the MCP server "${this.#serverName}".`);
    this.#pending.get(id)?.reject(error);
  }

  #cancel(id: number, reason: string): void {
    if (this.#closed) return;
    this.#deliver({ jsonrpc: "2.0", method: "notifications/cancelled", params: { requestId: id, reason } });
  }

  #deliver(message: JsonRpcMessage): void {
    this.onmessage?.(message);
  }

  #closedError(): InvalidStateError {
    return new InvalidStateError(`The connection of the MCP server "${this.#serverName}" is closed.`);
  }
}
