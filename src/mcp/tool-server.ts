/**
 * The tools' side of MCP over one transport. The MCP SDK's server would do as well, but loading it takes the host's
 * thread 200 to 300 ms and 25 MB, and it runs every image through a check of its base64.
 */

import { AbortError } from "../errors.js";
import type { McpTool } from "./tool.js";
import { callTool } from "./tool-call.js";
import { withBase64 } from "./tool-content.js";
import type { JsonRpcId, JsonRpcMessage, McpTransport } from "./transport.js";

/** What a server offers. */
export interface ToolServerSetup {
  readonly serverInfo: { readonly name: string; readonly version: string };
  readonly instructions: string | undefined;
  readonly tools: ReadonlyMap<string, McpTool>;
  /** What `tools/list` answers. */
  readonly listings: readonly Readonly<Record<string, unknown>>[];
  /** Milliseconds that a call may take, of a tool that does not say. */
  readonly timeoutMs: number;
}

/** Versions of MCP whose tools are these; the newest is first. */
const PROTOCOL_VERSIONS = ["2025-11-25", "2025-06-18", "2025-03-26", "2024-11-05"];

const METHOD_NOT_FOUND = -32601;
const INVALID_PARAMS = -32602;

type Params = Readonly<Record<string, unknown>>;

/** An answer to a request: its result, or the error of the protocol. */
type Reply = Pick<JsonRpcMessage, "result"> | Pick<JsonRpcMessage, "error">;

/** Serves over the transport until it is closed. */
export async function serveTools(setup: ToolServerSetup, transport: McpTransport): Promise<void> {
  const connection = new Connection(setup, transport);
  transport.onmessage = (message) => connection.receive(message);
  transport.onclose = () => connection.end();
  await transport.start();
}

class Connection {
  readonly #setup: ToolServerSetup;
  readonly #transport: McpTransport;
  readonly #calls = new Map<JsonRpcId, AbortController>();

  constructor(setup: ToolServerSetup, transport: McpTransport) {
    this.#setup = setup;
    this.#transport = transport;
  }

  receive({ id, method, params = {} }: JsonRpcMessage): void {
    // A response belongs to nothing: this server asks nothing.
    if (method === undefined) return;
    if (id !== undefined) void this.#answer(id, method, params);
    else if (method === "notifications/cancelled") this.#cancel(params);
  }

  /** The connection is over. */
  end(): void {
    for (const call of this.#calls.values())
      call.abort(new AbortError("The connection of the MCP server was closed."));
    this.#calls.clear();
  }

  #cancel({ requestId, reason }: Params): void {
    const call = this.#calls.get(requestId as JsonRpcId);
    call?.abort(new AbortError(typeof reason === "string" ? reason : "The call was cancelled."));
  }

  async #answer(id: JsonRpcId, method: string, params: Params): Promise<void> {
    const call = new AbortController();
    this.#calls.set(id, call);
    const reply = await this.#reply(id, method, params, call.signal);
    if (this.#calls.get(id) === call) this.#calls.delete(id);
    // A withdrawn request has no answer.
    if (!call.signal.aborted) await this.#send({ jsonrpc: "2.0", id, ...reply });
  }

  async #reply(id: JsonRpcId, method: string, params: Params, signal: AbortSignal): Promise<Reply> {
    switch (method) {
      case "initialize":
        return { result: this.#introduction(params) };
      case "ping":
        return { result: {} };
      case "tools/list":
        return { result: { tools: this.#setup.listings } };
      case "tools/call":
        return await this.#call(id, params, signal);
      default:
        return failure(METHOD_NOT_FOUND, `Method not found: ${method}`);
    }
  }

  #introduction({ protocolVersion }: Params): Params {
    const { serverInfo, instructions } = this.#setup;
    return {
      protocolVersion:
        PROTOCOL_VERSIONS.find((version) => version === protocolVersion) ?? PROTOCOL_VERSIONS[0],
      capabilities: { tools: {} },
      serverInfo,
      ...(instructions !== undefined && { instructions }),
    };
  }

  async #call(id: JsonRpcId, params: Params, withdrawn: AbortSignal): Promise<Reply> {
    const tool = typeof params.name === "string" ? this.#setup.tools.get(params.name) : undefined;
    if (tool === undefined) return failure(INVALID_PARAMS, `Unknown tool: ${JSON.stringify(params.name)}`);
    const meta = isObject(params._meta) ? params._meta : {};
    const { progressToken, "claudecode/toolUseId": toolUseId } = meta;
    const result = await callTool(tool, {
      input: params.arguments ?? {},
      timeoutMs: tool.timeoutMs ?? this.#setup.timeoutMs,
      withdrawn,
      requestId: id,
      toolUseId: typeof toolUseId === "string" ? toolUseId : undefined,
      meta,
      progress: (progress, total, message) => {
        // A handler may go on when its call is over.
        if (progressToken === undefined || this.#calls.get(id)?.signal !== withdrawn) return;
        void this.#progress(id, { progressToken, progress, total, message });
      },
    });
    return { result: this.#transport.acceptsBytes === true ? result : withBase64(result) };
  }

  #progress(id: JsonRpcId, { total, message, ...params }: Params): Promise<void> {
    const given = { ...(total !== undefined && { total }), ...(message !== undefined && { message }) };
    return this.#send(
      { jsonrpc: "2.0", method: "notifications/progress", params: { ...params, ...given } },
      { relatedRequestId: id },
    );
  }

  /** A transport that is closed takes nothing, and there is nobody else to tell. */
  async #send(message: JsonRpcMessage, options?: { relatedRequestId: JsonRpcId }): Promise<void> {
    try {
      await this.#transport.send(message, options);
    } catch (error) {
      this.#transport.onerror?.(error instanceof Error ? error : new Error(String(error)));
    }
  }
}

function failure(code: number, message: string): Reply {
  return { error: { code, message } };
}

function isObject(value: unknown): value is Params {
  return typeof value === "object" && value !== null;
}
