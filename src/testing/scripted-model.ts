import { once } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { type MessageIdentity, messageEvents, messageObject } from "./message-stream.js";
import type { ErrorReply, MessageReply, ModelReply, NormalizedReply } from "./model-reply.js";
import { type ModelRequest, readModelRequest } from "./model-request.js";
import { compileScript, type ModelResponder, type ModelScript } from "./model-script.js";
import { RequestLog, type WantedRequest } from "./request-log.js";

/** Options of {@link startScriptedModel}. */
export interface ScriptedModelOptions {
  /** Port on 127.0.0.1; default 0, a free one. */
  readonly port?: number;
  /** Answers the CLI's helper requests, which take nothing from the script; default the text `ok`. */
  readonly sideReply?: ModelReply | ModelResponder;
}

/**
 * Starts a Messages API on 127.0.0.1 that answers from a script: the real CLI, or any client of the API, runs
 * against it without an account and without leaving the machine.
 *
 * @example
 * await using model = await startScriptedModel([toolUse("Bash", { command: "date" }), "It is late."]);
 * await using offline = offlineEnv({ model });
 * spawn("claude", args, { env: offline.env, cwd: offline.cwd });
 */
export async function startScriptedModel(
  script: ModelScript,
  options: ScriptedModelOptions = {},
): Promise<ScriptedModel> {
  const model = new ScriptedModel(script, options);
  await model.listen(options.port ?? 0);
  return model;
}

/** A running scripted model; made by {@link startScriptedModel}. */
export class ScriptedModel implements AsyncDisposable {
  readonly #server: Server;
  readonly #answer: (request: ModelRequest) => Promise<NormalizedReply>;
  readonly #answerSide: (request: ModelRequest) => Promise<NormalizedReply>;
  readonly #closing = new AbortController();
  readonly #log = new RequestLog();
  #closed: Promise<void> | undefined;
  #port = 0;
  #messages = 0;
  #toolUses = 0;

  /** @internal Use {@link startScriptedModel}. */
  constructor(script: ModelScript, options: ScriptedModelOptions) {
    this.#answer = compileScript(script);
    this.#answerSide = compileScript(options.sideReply ?? "ok");
    this.#server = createServer((request, response) => {
      this.#handle(request, response).catch(() => response.destroy());
    });
  }

  /** @internal */
  async listen(port: number): Promise<void> {
    this.#server.listen(port, "127.0.0.1");
    await once(this.#server, "listening");
    const address = this.#server.address();
    if (address !== null && typeof address === "object") this.#port = address.port;
  }

  /** The port on 127.0.0.1. */
  get port(): number {
    return this.#port;
  }

  /** The base URL, as `ANTHROPIC_BASE_URL` takes it. */
  get url(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  /** Every request so far, in order of arrival. */
  get requests(): readonly ModelRequest[] {
    return this.#log.requests;
  }

  /** The requests that took a reply from the script: no helper requests, no token counts. */
  get mainRequests(): readonly ModelRequest[] {
    return this.#log.mainRequests;
  }

  /**
   * Waits for the n-th main request (1 is the first), or for the first main request that fulfils a predicate;
   * those that have already come count.
   * @throws TimeoutError after `timeoutMs` (default 10,000)
   * @throws InvalidStateError when the model is closed meanwhile
   */
  waitForRequest(wanted: WantedRequest, options: { timeoutMs?: number } = {}): Promise<ModelRequest> {
    return this.#log.waitFor(wanted, options.timeoutMs ?? 10_000);
  }

  /** Stops listening and ends every open connection at once, answers in progress included. Idempotent. */
  close(): Promise<void> {
    this.#closed ??= new Promise((resolve) => {
      this.#closing.abort();
      this.#log.close();
      this.#server.close(() => resolve());
      this.#server.closeAllConnections();
    });
    return this.#closed;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  async #handle(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const request = await readModelRequest(incoming);
    this.#log.add(request);
    switch (request.kind) {
      case "main":
        return this.#send(await this.#answer(request), request, response);
      case "side":
        return this.#send(await this.#answerSide(request), request, response);
      case "count_tokens":
        return sendJson(response, 200, { input_tokens: estimateTokens(request) });
      case "other":
        return sendJson(response, 200, {});
    }
  }

  async #send(answer: NormalizedReply, request: ModelRequest, response: ServerResponse): Promise<void> {
    switch (answer.kind) {
      case "hang":
        return;
      case "error":
        return sendError(answer, response);
      case "drop":
        if (answer.afterBytes === undefined && answer.afterEvents === undefined) {
          response.destroy();
          return;
        }
        return this.#sendMessage(answer.reply, request, response, answer);
      case "message":
        return this.#sendMessage(answer, request, response, {});
    }
  }

  async #sendMessage(
    message: MessageReply,
    request: ModelRequest,
    response: ServerResponse,
    cut: { afterBytes?: number; afterEvents?: number },
  ): Promise<void> {
    const identity = this.#identity(request);
    const streamed = request.body.stream === true;
    const chunks = streamed
      ? messageEvents(message, identity)
      : [{ delayMs: message.delayMs, wire: JSON.stringify(messageObject(message, identity)) }];
    response.writeHead(200, {
      "content-type": streamed ? "text/event-stream; charset=utf-8" : "application/json",
      "cache-control": "no-cache",
      "request-id": identity.messageId.replace("msg", "req"),
    });
    const isCut = cut.afterBytes !== undefined || cut.afterEvents !== undefined;
    let bytesLeft = cut.afterBytes ?? Number.POSITIVE_INFINITY;
    let eventsLeft = cut.afterEvents ?? Number.POSITIVE_INFINITY;
    response.flushHeaders();
    for (const { delayMs, wire } of chunks) {
      if (eventsLeft <= 0 || bytesLeft <= 0) break;
      if (delayMs > 0) await sleep(delayMs, undefined, { signal: this.#closing.signal });
      if (response.destroyed) return;
      const bytes = Buffer.from(wire).subarray(0, bytesLeft);
      eventsLeft -= 1;
      bytesLeft -= bytes.length;
      // A cut answer waits for each write: what is still queued when the socket is destroyed never leaves.
      if (isCut) await new Promise((resolve) => response.write(bytes, resolve));
      else if (!response.write(bytes)) await drained(response);
    }
    if (isCut) response.destroy();
    else response.end();
  }

  #identity(request: ModelRequest): MessageIdentity {
    this.#messages += 1;
    return {
      messageId: `msg_scripted_${this.#messages}`,
      model: request.body.model,
      inputTokens: estimateTokens(request),
      nextToolUseId: () => {
        this.#toolUses += 1;
        return `toolu_scripted_${this.#toolUses}`;
      },
    };
  }
}

function sendError(answer: ErrorReply, response: ServerResponse): void {
  const body = { type: "error", error: { type: answer.errorType, message: answer.message } };
  sendJson(response, answer.status, body, answer.headers);
}

function sendJson(
  response: ServerResponse,
  status: number,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
): void {
  response.writeHead(status, { "content-type": "application/json", ...headers });
  response.end(JSON.stringify(body));
}

/** Resolves also when the client has gone, whose `drain` never comes. */
async function drained(response: ServerResponse): Promise<void> {
  const done = new AbortController();
  const { signal } = done;
  await Promise.race([once(response, "drain", { signal }), once(response, "close", { signal })]).finally(() =>
    done.abort(),
  );
}

function estimateTokens(request: ModelRequest): number {
  return Math.max(1, Math.ceil(JSON.stringify(request.body.messages).length / 4));
}
