/** A conversation with one CLI process, all of whose work is done in a worker thread. */

import type { ChildProcess } from "node:child_process";
import { randomUUID } from "node:crypto";
import { Readable } from "node:stream";
import type { WorkerNotice } from "../channel/control-contract.js";
import { AbortError, ControlRequestError, type ExitStatus, SessionNotInitializedError } from "../errors.js";
import { ClaudeCliBuilder, type LaunchSpec } from "../launch/index.js";
import { resolveShutdown, type ShutdownOptions } from "../options.js";
import type { SessionHandle } from "../pool/session-handle.js";
import {
  type ClaudeInput,
  type ClaudeOutput,
  type ContentBlockInput,
  type ControlAnswer,
  type ControlRequestMessage,
  type ControlResponseMessage,
  encodeInput,
  isControlRequest,
  textOf,
  userMessage,
} from "../protocol/index.js";
import { Approvals } from "./approvals.js";
import type { ClientOptions, ClientStats, QueryOptions } from "./client-options.js";
import { Deadline, type WaitOptions } from "./deadline.js";
import { Inbox, openBatch } from "./inbox.js";
import { MessageReader } from "./message-reader.js";
import { type OpenedSession, openBuilder, openChild, openSpec, type ResolvedOptions } from "./open.js";
import { refuseInQuery } from "./permission.js";
import { ResponseStream } from "./turn.js";
import { TurnQueue } from "./turn-queue.js";

/** What to ask: text, or content blocks (text, images, documents). */
export type Prompt = string | readonly ContentBlockInput[];

const PING = "Reply with the single word pong and nothing else.";

/**
 * A client of one CLI process. Make one with a static method, end it with {@link AsyncClient.shutdown} or
 * `await using`; an open client keeps the process alive.
 *
 * Everything may be called at any time: queries wait for each other, the rest goes through at once, also while a
 * turn streams. After the child's exit calls reject with `ConnectionClosedError`.
 */
export class AsyncClient {
  /** Settles when the child has exited; never rejects. */
  readonly exited: Promise<ExitStatus>;
  readonly #session: SessionHandle;
  readonly #options: ResolvedOptions;
  readonly #inbox: Inbox;
  readonly #reader: MessageReader;
  readonly #turns = new TurnQueue();
  readonly #approvals: Approvals | undefined;
  readonly #givenSessionId: string | undefined;
  #stderrTaken = false;
  #initialized: Promise<Record<string, unknown>> | undefined;
  #toolApprovalEnabled = false;

  /** @internal Use the static methods. */
  constructor({ session, options, sessionId }: OpenedSession) {
    this.#session = session;
    this.#options = options;
    this.#givenSessionId = sessionId;
    this.#inbox = new Inbox(session);
    this.#reader = new MessageReader(this.#inbox, { onFault: options.onFault });
    this.#approvals =
      options.onToolApproval && new Approvals(options.onToolApproval, (answer) => this.sendControlResponse(answer));
    session.onNotice((notice) => this.#notice(notice));
    this.exited = session.outcome.then((outcome) => {
      this.#approvals?.end();
      if ("crash" in outcome) return { exitCode: null, signal: null };
      return { exitCode: outcome.end.exitCode, signal: outcome.end.signal };
    });
  }

  /**
   * Starts the `claude` that is found, with model `sonnet`. Warns once when its version is not the tested one.
   * @throws BinaryNotFoundError, SpawnError, TimeoutError, AbortError; as all that follow
   */
  static async withDefaults(options: ClientOptions = {}): Promise<AsyncClient> {
    return new AsyncClient(await openBuilder(new ClaudeCliBuilder().model("sonnet"), options, { checkVersion: true }));
  }

  /** Starts the `claude` that is found with the given model. */
  static async withModel(model: string, options: ClientOptions = {}): Promise<AsyncClient> {
    return AsyncClient.fromBuilder(new ClaudeCliBuilder().model(model), options);
  }

  /** Starts what the builder says. */
  static async fromBuilder(builder: ClaudeCliBuilder, options: ClientOptions = {}): Promise<AsyncClient> {
    return new AsyncClient(await openBuilder(builder, options));
  }

  /** Resumes a session; the CLI tells with the first turn whether it exists. */
  static async resumeSession(sessionId: string, options: ClientOptions = {}): Promise<AsyncClient> {
    return AsyncClient.fromBuilder(new ClaudeCliBuilder().resume(sessionId), options);
  }

  /** Resumes a session with the given model. */
  static async resumeSessionWithModel(
    sessionId: string,
    model: string,
    options: ClientOptions = {},
  ): Promise<AsyncClient> {
    return AsyncClient.fromBuilder(new ClaudeCliBuilder().resume(sessionId).model(model), options);
  }

  /** Starts any command that speaks the wire; the worker spawns it. */
  static async spawn(spec: LaunchSpec, options: ClientOptions = {}): Promise<AsyncClient> {
    return new AsyncClient(await openSpec(spec, options));
  }

  /**
   * Takes over a child that the caller has spawned with three pipes and not read from yet. This thread relays its
   * bytes, so they flow only while its loop turns; parsing stays in the worker. Ending the client ends the child.
   * @throws InvalidArgumentError when stdin or stdout is no pipe
   */
  static async attach(child: ChildProcess, options: ClientOptions = {}): Promise<AsyncClient> {
    return new AsyncClient(await openChild(child, options));
  }

  // Turns.

  /**
   * Asks, and collects the turn's messages up to and including its result, whatever its subtype. Control requests
   * that no handler takes are denied, so that the turn cannot hang on them.
   * @throws ConnectionClosedError, WorkerCrashedError, AbortError, TimeoutError
   */
  async query(prompt: Prompt, options: QueryOptions = {}): Promise<ClaudeOutput[]> {
    return this.#collect(await this.#ask("query()", prompt, undefined, options));
  }

  /** Like {@link AsyncClient.query}, with a session id on the wire's user message. */
  async queryWithSession(prompt: Prompt, sessionId: string, options: QueryOptions = {}): Promise<ClaudeOutput[]> {
    return this.#collect(await this.#ask("queryWithSession()", prompt, sessionId, options));
  }

  /** Asks, and gives the turn's messages as they arrive. The turn lasts until the stream is read or left. */
  async queryStream(prompt: Prompt, options: QueryOptions = {}): Promise<ResponseStream> {
    return this.#ask("queryStream()", prompt, undefined, options);
  }

  /** Like {@link AsyncClient.queryStream}, with a session id on the wire's user message. */
  async queryStreamWithSession(prompt: Prompt, sessionId: string, options: QueryOptions = {}): Promise<ResponseStream> {
    return this.#ask("queryStreamWithSession()", prompt, sessionId, options);
  }

  /**
   * Asks the model for the word pong, and tells whether it said it. A real turn: it costs tokens and stays in the
   * conversation. {@link AsyncClient.isResponsive} is free.
   */
  async ping(options: QueryOptions = {}): Promise<boolean> {
    const messages = await this.#collect(await this.#ask("ping()", PING, undefined, options));
    return messages.some((message) => /\bpong\b/i.test(textOf(message) ?? ""));
  }

  // Messages.

  /**
   * Sends any input. Settles when the child's pipe has taken it. A user message without `uuid` is given one, by
   * which its turn can be told from others.
   * @throws InvalidArgumentError, ConnectionClosedError, WriteError, TimeoutError
   */
  async send(input: ClaudeInput): Promise<void> {
    if (input.type !== "user") return this.#write(encodeInput(input));
    const given = (input as { uuid?: unknown }).uuid;
    const uuid = this.#reader.conversation.messageSent(typeof given === "string" ? given : undefined);
    await this.#writeUser({ ...input, uuid }, uuid);
  }

  /**
   * The next message that belongs to no query. An abort or timeout loses nothing: the next call gets the message.
   * @throws DeserializationError or FrameTooLargeError for a line that is no message (the next call goes on behind
   * it), ConnectionClosedError, WorkerCrashedError, AbortError, TimeoutError
   */
  async receive(options: WaitOptions = {}): Promise<ClaudeOutput> {
    return this.#bounded("receive()", options, (deadline) => this.#reader.receive(deadline));
  }

  /** Like {@link AsyncClient.receive}, but takes any JSON value for a message. */
  async receiveRaw(options: WaitOptions = {}): Promise<unknown> {
    return this.#bounded("receiveRaw()", options, (deadline) => this.#reader.receiveRaw(deadline));
  }

  // Control.

  /**
   * Interrupts the turn that runs, and gives the CLI's receipt. The turn then ends with a result of subtype
   * `error_during_execution`. Does nothing when no turn runs.
   */
  async interrupt(options: WaitOptions = {}): Promise<Record<string, unknown>> {
    return asRecord(await this.#request("interrupt", {}, options));
  }

  /**
   * Asks the CLI for a sign of life without a model turn: true when it answers at all in time.
   * @throws AbortError
   */
  async isResponsive({ signal, timeoutMs = 5_000 }: WaitOptions = {}): Promise<boolean> {
    try {
      await this.#request("get_binary_version", {}, { timeoutMs, ...(signal && { signal }) });
      return true;
    } catch (error) {
      if (error instanceof AbortError) throw error;
      // A refusal is an answer too: older versions do not know the question.
      return error instanceof ControlRequestError;
    }
  }

  /**
   * Introduces the client to the CLI, and gives what the CLI tells of itself (commands, models, account, …).
   * Further calls give the same. For permission requests to arrive, the CLI must also run with
   * `--permission-prompt-tool=stdio`.
   * @throws ControlRequestError, TimeoutError, AbortError, ConnectionClosedError
   */
  async enableToolApproval(options: WaitOptions = {}): Promise<Record<string, unknown>> {
    this.#initialized ??= this.#initialize(options);
    return this.#initialized;
  }

  /** True once {@link AsyncClient.enableToolApproval} has succeeded, or when `onToolApproval` was given. */
  isToolApprovalEnabled(): boolean {
    return this.#toolApprovalEnabled || this.#approvals !== undefined;
  }

  /** Answers a control request that came as a message; `permission` makes such answers. */
  async sendControlResponse(response: ControlAnswer | ControlResponseMessage): Promise<void> {
    const answer = "response" in response && response.type === "control_response" ? response.response : response;
    await this.#write(encodeInput({ type: "control_response", response: answer }));
  }

  // State.

  /** True from the child's start until its exit was seen; up to date even while this thread was blocked. */
  isAlive(): boolean {
    return this.#session.ledger.alive;
  }

  /** The child's process id while it lives. */
  pid(): number | undefined {
    return this.#session.ledger.pid;
  }

  /**
   * The wire's current `session_id`, as of the last message read: it changes with `/clear` and forks.
   * @throws SessionNotInitializedError before the first message, unless a session was resumed
   */
  sessionUuid(): string {
    const id = this.#reader.sessionId ?? this.#givenSessionId;
    if (id !== undefined) return id;
    throw new SessionNotInitializedError("The CLI has not told a session id yet. Read a message of a turn first.");
  }

  /** The child's stderr from its start on, once; undefined at the second call. Of what nobody reads the last 256 KiB are kept. */
  takeStderr(): Readable | undefined {
    if (this.#stderrTaken) return undefined;
    this.#stderrTaken = true;
    return Readable.from(stderrOf(this.#session));
  }

  /** A snapshot of the counters; up to date even while this thread was blocked. */
  stats(): ClientStats {
    const { ledger } = this.#session;
    return {
      framesReceived: ledger.counted("frames"),
      bytesReceived: ledger.counted("bytes"),
      bytesUnread: ledger.unreadBytes,
      highWaterMark: this.#options.limits.highWaterMark,
      paused: ledger.paused,
      pauses: ledger.counted("pauses"),
      malformedFrames: ledger.counted("malformed"),
      oversizedFrames: ledger.counted("oversized"),
      stderrBytes: ledger.counted("stderrBytes"),
      turns: this.#turns.length,
    };
  }

  /**
   * Ends the child and all that runs below it: closes its stdin, waits, SIGTERM, waits, SIGKILL. Unread messages
   * are dropped. Gives how the child ended; both fields are null when its worker died before.
   */
  async shutdown(options: ShutdownOptions = {}): Promise<ExitStatus> {
    await this.#session.shutdown(resolveShutdown(options, this.#options.limits.shutdown));
    return this.exited;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.shutdown();
  }

  async #ask(
    what: string,
    prompt: Prompt,
    sessionId: string | undefined,
    options: QueryOptions,
  ): Promise<ResponseStream> {
    const { conversation } = this.#reader;
    const message = userMessage(prompt, sessionId === undefined ? {} : { sessionId });
    const deadline = new Deadline(what, options);
    const leave = await this.#turns.enter(deadline);
    const uuid = conversation.messageSent(undefined);
    conversation.beginTurn(uuid);
    const turnOver = (leftEarly: boolean): void => {
      const settled = leftEarly ? this.#discardTurn() : Promise.resolve();
      void settled.finally(() => {
        this.#reader.endTurn();
        leave();
      });
    };
    try {
      // The line is on its way whatever becomes of the wait, so the turn is left like any other.
      await deadline.race(this.#writeUser({ ...message, uuid }, uuid));
    } catch (error) {
      deadline.clear();
      turnOver(deadline.error !== undefined);
      throw error;
    }
    return new ResponseStream({ reader: this.#reader, turnOver }, deadline);
  }

  /** Interrupts the running turn and reads to its result, so that the next one finds nothing of it. */
  async #discardTurn(): Promise<void> {
    const deadline = new Deadline("Discarding a turn", { timeoutMs: this.#options.limits.requestTimeoutMs });
    // Whether it worked shows in the frames.
    void this.interrupt().catch(() => {});
    while (deadline.error === undefined && this.#reader.over === undefined) {
      const next = this.#reader.pollTurn();
      if (next === undefined) await this.#reader.wait(deadline);
      else if (next.last) break;
    }
    deadline.clear();
  }

  async #collect(stream: ResponseStream): Promise<ClaudeOutput[]> {
    const messages: ClaudeOutput[] = [];
    for await (const message of stream) {
      if (isControlRequest(message)) await this.sendControlResponse(refuseInQuery(message));
      messages.push(message);
    }
    return messages;
  }

  async #initialize(options: WaitOptions): Promise<Record<string, unknown>> {
    try {
      const payload = asRecord(await this.#request("initialize", {}, options));
      this.#toolApprovalEnabled = true;
      return payload;
    } catch (error) {
      this.#initialized = undefined;
      throw error;
    }
  }

  async #request(subtype: string, fields: Record<string, unknown>, options: WaitOptions): Promise<unknown> {
    const requestId = `${subtype}-${randomUUID()}`;
    const timeoutMs = options.timeoutMs ?? this.#options.limits.requestTimeoutMs;
    return this.#bounded(`The control request "${subtype}"`, { ...options, timeoutMs }, async (deadline) => {
      deadline.onExpiry(() => void this.#session.call((control) => control.abandon(requestId)).catch(() => {}));
      return this.#session.call((control) => control.request(requestId, { subtype, ...fields }, timeoutMs));
    });
  }

  async #bounded<T>(what: string, options: WaitOptions, run: (deadline: Deadline) => Promise<T>): Promise<T> {
    const deadline = new Deadline(what, options);
    try {
      if (deadline.error !== undefined) throw deadline.error;
      return await deadline.race(run(deadline));
    } finally {
      deadline.clear();
    }
  }

  async #writeUser(input: ClaudeInput, uuid: string): Promise<void> {
    try {
      await this.#write(encodeInput(input));
    } catch (error) {
      this.#reader.conversation.messageLost(uuid);
      throw error;
    }
  }

  async #write(line: string): Promise<void> {
    await this.#session.call((control) => control.write(line));
  }

  #notice(notice: WorkerNotice): void {
    switch (notice.kind) {
      case "data":
        this.#inbox.wake();
        break;
      case "approval":
        void this.#approvals?.request(openBatch(notice.batch)[0] as ControlRequestMessage);
        break;
      case "approval-cancelled":
        this.#approvals?.cancel(notice.requestId);
        break;
    }
  }
}

function asRecord(payload: unknown): Record<string, unknown> {
  return typeof payload === "object" && payload !== null ? (payload as Record<string, unknown>) : {};
}

async function* stderrOf(session: SessionHandle): AsyncGenerator<string> {
  for (;;) {
    const text = await session.call((control) => control.readStderr()).catch(() => null);
    if (text === null) return;
    yield text;
  }
}
