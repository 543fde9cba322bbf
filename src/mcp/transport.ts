/**
 * What connects an MCP server to its peer: the part of the MCP SDK's `Transport` that servers use, so that servers
 * of that SDK can be connected as well, without this package needing it.
 */

/** Id of a JSON-RPC request. */
export type JsonRpcId = string | number;

/** A JSON-RPC message: a request (`method` and `id`), a notification (`method` alone), or a response (`id` alone). */
export interface JsonRpcMessage {
  readonly jsonrpc: "2.0";
  readonly id?: JsonRpcId | undefined;
  readonly method?: string;
  readonly params?: Readonly<Record<string, unknown>> | undefined;
  /** Of a response that succeeded. */
  readonly result?: Readonly<Record<string, unknown>>;
  /** Of a response that failed. */
  readonly error?: { readonly code: number; readonly message: string; readonly data?: unknown };
}

/** A way for messages from and to one server. The server sets the callbacks when it is connected. */
export interface McpTransport {
  /** True when results may hold `Uint8Array`s where MCP has base64; otherwise the server encodes them first. */
  readonly acceptsBytes?: boolean;
  start(): Promise<void>;
  send(message: JsonRpcMessage, options?: { relatedRequestId?: JsonRpcId | undefined }): Promise<void>;
  close(): Promise<void>;
  onclose?: (() => void) | undefined;
  onerror?: ((error: Error) => void) | undefined;
  // A method's parameters are compared loosely: the SDK's own callback takes its own message type.
  onmessage?: { bivariant(message: JsonRpcMessage): void }["bivariant"] | undefined;
}

/** Anything that can be connected as an MCP server: an `McpServer` or a `Server` of the MCP SDK, or one of ours. */
export interface McpInstance {
  /** Serves over the transport until it is closed. */
  connect(transport: McpTransport): Promise<void>;
  /** True for a server that serves any number of transports at once. Those of the MCP SDK serve one. */
  readonly servesMany?: boolean;
}

/** What may be done with one tool of a server; the CLI enforces it. */
export interface McpToolPolicy {
  /** Name of the tool, as the server lists it. */
  readonly name: string;
  /** `always_ask` asks the host before each call, also where a rule allows it; `always_deny` refuses every call. */
  readonly permission_policy?: "always_ask" | "always_deny";
}

/** An MCP server in the host's own process, which the CLI reaches through the session. */
export interface InProcessMcpServer {
  readonly type: "sdk";
  /** The server's own name. The CLI knows it by its key among the client's servers. */
  readonly name: string;
  readonly instance: McpInstance;
  /** Milliseconds that one tool call may take. Default 600,000. */
  readonly timeout?: number;
  /** Permission policy of single tools. Default: the session's rules decide. */
  readonly tools?: readonly McpToolPolicy[];
}

/** Milliseconds that a tool call may take when nothing else is said. */
export const DEFAULT_TOOL_TIMEOUT_MS = 600_000;
