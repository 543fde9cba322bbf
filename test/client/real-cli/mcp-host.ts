/** A client that serves in-process MCP servers to the real CLI by hand, as its dispatcher of requests will do. */

import { encodeAnswer, packAnswer } from "../../../src/channel/packed-answer.js";
import type { AsyncClient } from "../../../src/client/async-client.js";
import { McpServers } from "../../../src/client/mcp-servers.js";
import { isClaudeError } from "../../../src/errors.js";
import type { InProcessMcpServer, JsonRpcMessage } from "../../../src/mcp/index.js";
import { type ClaudeOutput, isResult } from "../../../src/protocol/index.js";
import { PATIENCE_MS } from "../../support/real-cli.js";

export class McpHost {
  readonly servers: McpServers;
  /** Methods that the CLI has sent to each server, as in `calc tools/call`. */
  readonly heard: string[] = [];
  /** Codes of what {@link McpServers.handle} rejected with. */
  readonly refused: string[] = [];
  readonly #client: AsyncClient;
  readonly #controllers = new Map<string, AbortController>();
  #sent = 0;

  constructor(client: AsyncClient, servers: Readonly<Record<string, InProcessMcpServer>>) {
    this.#client = client;
    this.servers = new McpServers(servers, (name, message) => this.#tell(name, message));
  }

  /** Introduces the servers; gives the CLI's answer. */
  async initialize({ manifests = true } = {}): Promise<Readonly<Record<string, unknown>>> {
    const { sdkMcpServerManifests, ...fields } = await this.servers.fields();
    const request = {
      subtype: "initialize",
      ...fields,
      ...(manifests && { sdkMcpServerManifests }),
    } as const;
    await this.#client.send({ type: "control_request", request_id: "initialize", request });
    return await this.#until((message) => {
      if (message.type !== "control_response") return undefined;
      const { response } = message as {
        response: { request_id: string; response?: Record<string, unknown> };
      };
      return response.request_id === "initialize" ? response.response : undefined;
    });
  }

  /** Asks, and serves until the result has come. */
  async ask(prompt: string, seen: (message: ClaudeOutput) => void = () => {}): Promise<void> {
    await this.#client.send({ type: "user", message: { role: "user", content: prompt } });
    await this.#until((message) => {
      seen(message);
      return isResult(message) ? message : undefined;
    });
  }

  async #until<T>(found: (message: ClaudeOutput) => T | undefined): Promise<T> {
    for (;;) {
      const message = await this.#client.receive({ timeoutMs: PATIENCE_MS });
      this.#serve(message);
      const value = found(message);
      if (value !== undefined) return value;
    }
  }

  #serve(message: ClaudeOutput): void {
    if (message.type === "control_cancel_request") {
      this.#controllers.get((message as { request_id: string }).request_id)?.abort();
    }
    if (message.type !== "control_request") return;
    const { request_id: id, request } = message as { request_id: string; request: Record<string, unknown> };
    if (request.subtype === "mcp_message")
      void this.#answer(id, String(request.server_name), request.message);
  }

  async #answer(id: string, name: string, message: unknown): Promise<void> {
    const { method } = message as { method?: string };
    this.heard.push(`${name} ${method}`);
    const controller = new AbortController();
    this.#controllers.set(id, controller);
    try {
      const { value, transfer } = packAnswer(await this.servers.handle(name, message, controller.signal));
      const response: Record<string, unknown> = JSON.parse(
        encodeAnswer(structuredClone(value, { transfer })),
      );
      await this.#client.sendControlResponse({
        subtype: "success",
        request_id: id,
        response,
      });
    } catch (error) {
      this.refused.push(isClaudeError(error) ? error.code : String(error));
    }
  }

  async #tell(name: string, message: JsonRpcMessage): Promise<void> {
    const request = { subtype: "mcp_message", server_name: name, message: { ...message } } as const;
    await this.#client.send({ type: "control_request", request_id: `host-${++this.#sent}`, request });
  }
}
