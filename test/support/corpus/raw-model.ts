/**
 * A scripted model that can also say what scripts cannot: blocks that only the API's own servers write, refusals,
 * rate-limit headers.
 */

import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { type ModelScript, startScriptedModel } from "../../../src/testing/index.js";

/** An answer of the Messages API, block by block. */
export interface RawAnswer {
  /** Each as its `content_block_start` has it, with the deltas that follow. */
  readonly blocks: readonly { readonly start: object; readonly deltas?: readonly object[] }[];
  readonly stopReason?: string;
  /** More fields of the `message_delta` event's delta. */
  readonly delta?: object;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Gives the raw answers by the text of the request's last message; others go to the script. */
export type RawAnswers = Readonly<Record<string, RawAnswer>>;

/** A running model; made by {@link startRawModel}. */
export interface RawModel extends AsyncDisposable {
  readonly url: string;
}

/** Starts it on loopback. */
export async function startRawModel(script: ModelScript, answers: RawAnswers): Promise<RawModel> {
  const scripted = await startScriptedModel(script);
  const server = createServer((request, response) => {
    handle(request, response, scripted.url, answers).catch(() => response.destroy());
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async [Symbol.asyncDispose]() {
      server.close();
      server.closeAllConnections();
      await scripted.close();
    },
  };
}

async function handle(
  request: IncomingMessage,
  response: ServerResponse,
  scripted: string,
  answers: RawAnswers,
): Promise<void> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  const body = Buffer.concat(chunks).toString();
  const last = lastMessage(body);
  const [, answer] = Object.entries(answers).find(([text]) => last.includes(text)) ?? [];
  if (answer !== undefined && request.url?.startsWith("/v1/messages?") === true) {
    response.writeHead(200, { "content-type": "text/event-stream", ...answer.headers });
    response.end(rawEvents(answer));
    return;
  }
  const { method = "POST", url = "/" } = request;
  const agent = request.headers["x-claude-code-agent-id"];
  const reply = await fetch(scripted + url, {
    method,
    ...(method === "POST" && { body }),
    headers: { ...(typeof agent === "string" && { "x-claude-code-agent-id": agent }) },
  });
  response.writeHead(reply.status, Object.fromEntries(reply.headers));
  for await (const piece of reply.body ?? []) response.write(piece);
  response.end();
}

function lastMessage(body: string): string {
  try {
    const { messages } = JSON.parse(body) as { messages?: { role: string }[] };
    return JSON.stringify(messages?.findLast(({ role }) => role === "user") ?? "");
  } catch {
    return "";
  }
}

function rawEvents({ blocks, stopReason = "end_turn", delta }: RawAnswer): string {
  const usage = {
    input_tokens: 10,
    output_tokens: 5,
    cache_read_input_tokens: 0,
    cache_creation_input_tokens: 0,
  };
  const message = {
    id: "msg_raw",
    type: "message",
    role: "assistant",
    model: "claude-opus-5-5",
    content: [],
  };
  const events: { type: string }[] = [
    {
      type: "message_start",
      message: { ...message, stop_reason: null, stop_sequence: null, usage },
    } as never,
  ];
  for (const [index, { start, deltas = [] }] of blocks.entries()) {
    events.push({ type: "content_block_start", index, content_block: start } as never);
    for (const piece of deltas) events.push({ type: "content_block_delta", index, delta: piece } as never);
    events.push({ type: "content_block_stop", index } as never);
  }
  const end = { stop_reason: stopReason, stop_sequence: null, ...delta };
  events.push({ type: "message_delta", delta: end, usage: { output_tokens: 5 } } as never);
  events.push({ type: "message_stop" });
  return events.map((event) => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`).join("");
}
