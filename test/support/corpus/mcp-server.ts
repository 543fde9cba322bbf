/** A program: an MCP server on stdio whose one tool asks the user, by a form or by a URL. */

import { createInterface } from "node:readline";

interface Rpc {
  readonly id?: number | string;
  readonly method?: string;
  readonly params?: { readonly arguments?: { readonly mode?: string } };
}

const FORM = {
  message: "your name?",
  requestedSchema: { type: "object", properties: { name: { type: "string" } }, required: ["name"] },
};
const URL = {
  mode: "url",
  message: "sign in",
  url: "https://example.com/sign-in",
  elicitationId: "elicitation-1",
};

const tool = { name: "ask", description: "asks the user", inputSchema: { type: "object" } };
const capabilities = { tools: {} };
const waiting = new Map<number | string, () => void>();
let asked = 0;

function write(message: object): void {
  process.stdout.write(`${JSON.stringify({ jsonrpc: "2.0", ...message })}\n`);
}

function call({ id, params }: Rpc): void {
  const byUrl = params?.arguments?.mode === "url";
  const question = `question-${++asked}`;
  waiting.set(question, () => {
    if (byUrl) {
      write({ method: "notifications/elicitation/complete", params: { elicitationId: URL.elicitationId } });
    }
    write({ id, result: { content: [{ type: "text", text: "thanks" }] } });
  });
  write({ id: question, method: "elicitation/create", params: byUrl ? URL : FORM });
}

createInterface({ input: process.stdin }).on("line", (line) => {
  const message = JSON.parse(line) as Rpc;
  const { id, method } = message;
  if (method === undefined) return waiting.get(id ?? "")?.();
  if (id === undefined) return;
  if (method === "tools/call") return call(message);
  const serverInfo = { name: "asking", version: "1" };
  const results: Readonly<Record<string, object>> = {
    initialize: { protocolVersion: "2025-11-25", capabilities, serverInfo },
    "tools/list": { tools: [tool] },
  };
  write({ id, result: results[method] ?? {} });
});
