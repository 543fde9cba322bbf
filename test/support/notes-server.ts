/** A program: an MCP server on stdio with one tool, which gives its argument back, and one resource. */

import { createInterface } from "node:readline";

interface Rpc {
  readonly id?: number | string;
  readonly method?: string;
  readonly params?: { readonly arguments?: { readonly word?: string }; readonly uri?: string };
}

const tool = {
  name: "say",
  description: "gives a word back",
  inputSchema: { type: "object", properties: { word: { type: "string" } }, required: ["word"] },
};
const resource = { uri: "note://one", name: "one", mimeType: "text/plain" };

function resultOf({ method, params }: Rpc): object {
  switch (method) {
    case "initialize":
      return {
        protocolVersion: "2025-11-25",
        capabilities: { tools: {}, resources: {} },
        serverInfo: { name: "notes", version: "1" },
      };
    case "tools/list":
      return { tools: [tool] };
    case "tools/call":
      return { content: [{ type: "text", text: `said ${params?.arguments?.word}` }] };
    case "resources/list":
      return { resources: [resource] };
    case "resources/read":
      return { contents: [{ uri: params?.uri, mimeType: "text/plain", text: "a note" }] };
    default:
      return {};
  }
}

createInterface({ input: process.stdin }).on("line", (line) => {
  const message = JSON.parse(line) as Rpc;
  if (message.id === undefined || message.method === undefined) return;
  process.stdout.write(`${JSON.stringify({ jsonrpc: "2.0", id: message.id, result: resultOf(message) })}\n`);
});
