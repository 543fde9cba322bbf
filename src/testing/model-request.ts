import type { IncomingHttpHeaders, IncomingMessage } from "node:http";

/** A content block of a message in a request; fields depend on `type`. */
export interface RequestBlock {
  readonly type: string;
  readonly text?: string;
  readonly [field: string]: unknown;
}

/** A message of the conversation in a request. */
export interface RequestMessage {
  readonly role: string;
  readonly content: string | readonly RequestBlock[];
}

/** The body of `POST /v1/messages`, as far as scripts look at it; other fields are kept as they came. */
export interface MessagesBody {
  readonly model: string;
  readonly messages: readonly RequestMessage[];
  readonly max_tokens?: number;
  readonly stream?: boolean;
  readonly system?: string | readonly RequestBlock[];
  readonly tools?: readonly { readonly name: string; readonly [field: string]: unknown }[];
  readonly [field: string]: unknown;
}

/**
 * What a request is for:
 * - `main`: a step of a conversation; it takes a reply from the script;
 * - `side`: a helper request of the CLI (title, topic, quota probe); answered from `options.sideReply`;
 * - `count_tokens`: `POST /v1/messages/count_tokens`;
 * - `other`: anything else; answered with `{}`.
 */
export type RequestKind = "main" | "side" | "count_tokens" | "other";

/** A request that the scripted model has seen. */
export interface ModelRequest {
  readonly kind: RequestKind;
  readonly method: string;
  /** Path with its query. */
  readonly path: string;
  /** Id of the subagent that asks; absent for the main conversation. */
  readonly agentId?: string;
  /** Lower-case header names; every header that could carry a credential is left out. */
  readonly headers: Readonly<Record<string, string>>;
  /** The parsed body. For kinds without a messages body: `model` is empty and `messages` has no entry. */
  readonly body: MessagesBody;
}

const CREDENTIAL = /auth|key|cookie|token|secret|credential/i;

/** The headers worth keeping of a request, without anything that could carry a credential. */
export function keptHeaders(headers: IncomingHttpHeaders): Record<string, string> {
  const kept: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) {
    if (value === undefined || CREDENTIAL.test(name)) continue;
    kept[name] = Array.isArray(value) ? value.join(", ") : value;
  }
  return kept;
}

/**
 * The prompt that a request is about: the text of the last user message that has any, without the notes that
 * the CLI puts around it (`<system-reminder>`, traces of slash commands and interrupts). Tool results do not
 * count, so that it is the same for every step of a turn. Empty when there is none; several blocks are joined
 * by a line feed, as are the prompts that the CLI has merged because they came while a turn ran.
 */
export function promptOf(request: ModelRequest | MessagesBody): string {
  const { messages } = bodyOf(request);
  const at = promptIndex(messages);
  return at < 0 ? "" : promptTexts(messages[at]).join("\n");
}

/** How many assistant messages follow the prompt of a request: 0 for its first step, 1 after a tool call, … */
export function stepOf(request: ModelRequest | MessagesBody): number {
  const { messages } = bodyOf(request);
  const after = messages.slice(promptIndex(messages) + 1);
  return after.filter((message) => message.role === "assistant").length;
}

/** The texts of the tool results that the last message of a request carries, in order. */
export function toolResultsOf(request: ModelRequest | MessagesBody): string[] {
  const last = bodyOf(request).messages.findLast((message) => message.role === "user");
  return blocksOf(last)
    .filter((block) => block.type === "tool_result")
    .map((block) => textOfContent(block.content));
}

function bodyOf(request: ModelRequest | MessagesBody): MessagesBody {
  return isModelRequest(request) ? request.body : request;
}

function isModelRequest(request: ModelRequest | MessagesBody): request is ModelRequest {
  return "body" in request && "kind" in request;
}

function promptIndex(messages: readonly RequestMessage[]): number {
  return messages.findLastIndex((message) => message.role === "user" && promptTexts(message).length > 0);
}

function promptTexts(message: RequestMessage | undefined): string[] {
  const texts = blocksOf(message).flatMap(({ type, text }) =>
    type === "text" && text !== undefined ? [text] : [],
  );
  // The CLI puts the prompt after an interrupt into the message of the turn that was interrupted.
  const begin = texts.findLastIndex((text) => INTERRUPTED.test(text)) + 1;
  return texts
    .slice(begin)
    .map((text) => text.replace(CLI_NOTES, "").replace(IMAGE_NOTE, "").trim())
    .filter((text) => text !== "");
}

const CLI_NOTES =
  /<(system-reminder|local-command-caveat|local-command-stdout|local-command-stderr|command-name|command-message|command-args)>[\s\S]*?<\/\1>/g;
const INTERRUPTED = /^\[Request interrupted by user(?: for tool use)?\]\s*$/;
/** A block of its own that says where the CLI has put an image of the prompt. */
const IMAGE_NOTE = /^\[Image: source: .*\]\s*$/;

function blocksOf(message: RequestMessage | undefined): readonly RequestBlock[] {
  if (message === undefined) return [];
  return typeof message.content === "string" ? [{ type: "text", text: message.content }] : message.content;
}

function textOfContent(content: unknown): string {
  if (typeof content === "string") return content;
  if (!Array.isArray(content)) return "";
  return content
    .map((block: { text?: unknown }) => (typeof block?.text === "string" ? block.text : ""))
    .join("\n");
}

/** Reads a request to its end; a body that is not JSON becomes an empty one. */
export async function readModelRequest(incoming: IncomingMessage): Promise<ModelRequest> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk);
  const body = parseBody(Buffer.concat(chunks).toString("utf8"));
  const { method = "GET", url: path = "/" } = incoming;
  const headers = keptHeaders(incoming.headers);
  const agentId = headers["x-claude-code-agent-id"];
  const request = { kind: kindOf(method, path, body), method, path, headers, body };
  return agentId === undefined ? request : { ...request, agentId };
}

function parseBody(raw: string): MessagesBody {
  let parsed: unknown;
  try {
    parsed = JSON.parse(raw);
  } catch {
    parsed = undefined;
  }
  const fields: Partial<MessagesBody> = typeof parsed === "object" && parsed !== null ? parsed : {};
  return {
    ...fields,
    model: fields.model ?? "",
    messages: Array.isArray(fields.messages) ? fields.messages : [],
  };
}

function kindOf(method: string, path: string, body: MessagesBody): RequestKind {
  const pathname = path.split("?")[0];
  if (method !== "POST") return "other";
  if (pathname === "/v1/messages/count_tokens") return "count_tokens";
  if (pathname !== "/v1/messages") return "other";
  return isSideRequest(body) ? "side" : "main";
}

/**
 * Helper requests that the CLI makes beside the conversation (2.1.330): a quota probe (one token), the session
 * title (no tools, a JSON schema), the search behind its WebSearch tool (server tools only), and the prompt
 * suggestion after a turn. Compaction, side questions and subagents are conversation: they need an answer
 * that makes sense, so they take one from the script.
 */
function isSideRequest(body: MessagesBody): boolean {
  const tools = body.tools ?? [];
  const serverToolsOnly = tools.length > 0 && tools.every((tool) => /^web_search_/.test(String(tool.type)));
  const titled = tools.length === 0 && isObject(body.output_config) && isObject(body.output_config.format);
  return body.max_tokens === 1 || serverToolsOnly || titled || promptOf(body).startsWith("[SUGGESTION MODE:");
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}
