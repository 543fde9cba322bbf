/** A conversation with one CLI process, all of whose work is done in a worker thread. */

import type { ChildProcess } from "node:child_process";
import type { StandardSchemaV1 } from "@standard-schema/spec";
import { closedError } from "../channel/session-end.js";
import { SessionNotInitializedError } from "../errors.js";
import type { ClaudeCliBuilder, LaunchSpec } from "../launch/index.js";
import {
  type ClaudeInput,
  type ClaudeOutput,
  type ControlAnswer,
  type ControlResponseMessage,
  encodeInput,
  type InterruptPayload,
  isControlResponse,
  type SlashCommand,
} from "../protocol/index.js";
import type { ClientOptions, ClientStats, InterruptOptions, QueryOptions } from "./client-options.js";
import { collectUnattended, PING, saysPong } from "./collect.js";
import { bounded, withDeadline } from "./control-calls.js";
import { ControlClient } from "./control-client.js";
import type { WaitOptions } from "./deadline.js";
import { Inbox } from "./inbox.js";
import { MessageReader } from "./message-reader.js";
import { baseBuilder, type OpenedSession, openBuilder, openChild, openSpec } from "./open.js";
import { StallWatch } from "./stall-watch.js";
import { type StructuredAnswer, StructuredOutput, type StructuredQueryOptions } from "./structured-output.js";
import { type ClientTotals, countFromNow } from "./totals.js";
import type { ResponseStream } from "./turn.js";
import { type Prompt, Turns } from "./turns.js";
import { UserMessages } from "./user-messages.js";

/**
 * A client of one CLI process. Make one with a static method, end it with {@link AsyncClient.shutdown} or
 * `await using`; an open client keeps the process alive.
 *
 * Everything may be called at any time: queries wait for each other, the rest goes through at once, also while a
 * turn streams. After the child's exit calls reject with `ConnectionClosedError`.
 */
export class AsyncClient extends ControlClient {
  readonly #inbox: Inbox;
  readonly #reader: MessageReader;
  readonly #users: UserMessages;
  readonly #turns: Turns;
  readonly #structured: StructuredOutput;
  readonly #stalls: StallWatch | undefined;

  /** @internal Use the static methods. */
  constructor(opened: OpenedSession) {
    super(opened);
    const { session, options, sessionId, args } = opened;
    this.#structured = new StructuredOutput(this.introduction, args, options);
    this.#stalls = StallWatch.of(session.ledger, options, () => this.hostActs);
    this.#inbox = new Inbox(session);
    this.#reader = new MessageReader(this.#inbox, options, this.#stalls, sessionId);
    void countFromNow(this.#reader.totals, this.calls, args);
    this.#users = new UserMessages(this.calls, this.#reader.conversation, this.introduction);
    this.#turns = new Turns({
      reader: this.#reader,
      limits: options.limits,
      sendUser: (input, uuid) => this.#users.send(input, uuid),
      requests: this.requests,
      stalls: this.#stalls,
    });
    void session.outcome.then((outcome) => {
      const error = "crash" in outcome ? outcome.crash : closedError(outcome.end);
      this.#reader.sessionOver(error);
      this.#turns.sessionOver(error);
    });
  }

  /**
   * Starts the `claude` that is found, with model `sonnet`. Warns once when its version is not the tested one.
   * @throws BinaryNotFoundError, SpawnError, TimeoutError, AbortError; as all that follow
   */
  static async withDefaults(options: ClientOptions = {}): Promise<AsyncClient> {
    const builder = baseBuilder(options).model("sonnet");
    return AsyncClient.#of(await openBuilder(builder, options, { checkVersion: true }));
  }

  /** Starts the `claude` that is found with the given model. */
  static async withModel(model: string, options: ClientOptions = {}): Promise<AsyncClient> {
    return AsyncClient.fromBuilder(baseBuilder(options).model(model), options);
  }

  /** Starts what the builder says. */
  static async fromBuilder(builder: ClaudeCliBuilder, options: ClientOptions = {}): Promise<AsyncClient> {
    return AsyncClient.#of(await openBuilder(builder, options));
  }

  /** Resumes a session; the CLI tells with the first turn whether it exists. */
  static async resumeSession(sessionId: string, options: ClientOptions = {}): Promise<AsyncClient> {
    return AsyncClient.fromBuilder(baseBuilder(options).resume(sessionId), options);
  }

  /** Resumes a session with the given model. */
  static async resumeSessionWithModel(
    sessionId: string,
    model: string,
    options: ClientOptions = {},
  ): Promise<AsyncClient> {
    return AsyncClient.fromBuilder(baseBuilder(options).resume(sessionId).model(model), options);
  }

  /** Starts any command that speaks the wire; the worker spawns it. */
  static async spawn(spec: LaunchSpec, options: ClientOptions = {}): Promise<AsyncClient> {
    return AsyncClient.#of(await openSpec(spec, options));
  }

  /**
   * Takes over a child that the caller has spawned with three pipes and not read from yet. This thread relays its
   * bytes, so they flow only while its loop turns; parsing stays in the worker. Ending the client ends the child.
   * @throws InvalidArgumentError when stdin or stdout is no pipe
   */
  static async attach(child: ChildProcess, options: ClientOptions = {}): Promise<AsyncClient> {
    return AsyncClient.#of(await openChild(child, options));
  }

  static async #of(opened: OpenedSession): Promise<AsyncClient> {
    const client = new AsyncClient(opened);
    try {
      await client.introduction.begin({ timeoutMs: opened.options.limits.requestTimeoutMs });
    } catch (error) {
      await client.shutdown();
      throw error;
    }
    return client;
  }

  // Turns.

  /**
   * Asks for a value of a schema. The CLI takes one JSON Schema per process, and only before its first prompt: from
   * then on every turn answers by it.
   * @throws StructuredOutputError, InvalidStateError when the process answers by another schema or by none,
   * InvalidArgumentError for a schema without a JSON Schema, and what a plain query throws
   */
  async query<Schema extends StandardSchemaV1>(
    prompt: Prompt,
    options: StructuredQueryOptions<Schema>,
  ): Promise<StructuredAnswer<StandardSchemaV1.InferOutput<Schema>>>;
  /**
   * Asks, and collects the turn's messages up to and including its result, whatever its subtype. Control requests
   * that no handler takes are denied, so that the turn cannot hang on them.
   * @throws ConnectionClosedError, WorkerCrashedError, AbortError, TimeoutError
   */
  async query(prompt: Prompt, options?: QueryOptions): Promise<ClaudeOutput[]>;
  async query(
    prompt: Prompt,
    options: QueryOptions | StructuredQueryOptions<StandardSchemaV1> = {},
  ): Promise<ClaudeOutput[] | StructuredAnswer<unknown>> {
    const run = async () => this.#collect(await this.#turns.begin("query()", prompt, undefined, options));
    return "schema" in options ? this.#structured.ask(options, run) : run();
  }

  /** Like {@link AsyncClient.query}, with a session id on the wire's user message. */
  async queryWithSession(
    prompt: Prompt,
    sessionId: string,
    options: QueryOptions = {},
  ): Promise<ClaudeOutput[]> {
    return this.#collect(await this.#turns.begin("queryWithSession()", prompt, sessionId, options));
  }

  /** Asks, and gives the turn's messages as they arrive. The turn lasts until the stream is read or left. */
  async queryStream(prompt: Prompt, options: QueryOptions = {}): Promise<ResponseStream> {
    return this.#turns.begin("queryStream()", prompt, undefined, options);
  }

  /** Like {@link AsyncClient.queryStream}, with a session id on the wire's user message. */
  async queryStreamWithSession(
    prompt: Prompt,
    sessionId: string,
    options: QueryOptions = {},
  ): Promise<ResponseStream> {
    return this.#turns.begin("queryStreamWithSession()", prompt, sessionId, options);
  }

  /**
   * Asks the model for the word pong, and tells whether it said it. A real turn: it costs tokens and stays in the
   * conversation. {@link ControlClient.isResponsive} is free.
   */
  async ping(options: QueryOptions = {}): Promise<boolean> {
    return saysPong(await this.#collect(await this.#turns.begin("ping()", PING, undefined, options)));
  }

  // Messages.

  /**
   * Sends any input. Settles when the child's pipe has taken it. A user message without `uuid` is given one, by
   * which its turn can be told from others.
   * @throws InvalidArgumentError, ConnectionClosedError, WriteError, TimeoutError
   */
  async send(input: ClaudeInput): Promise<void> {
    if (input.type !== "user") return this.calls.write(encodeInput(input));
    await this.#users.sendByHand(input);
  }

  /**
   * The next message that belongs to no query. An abort or timeout loses nothing: the next call gets the message.
   * @throws DeserializationError or FrameTooLargeError for a line that is no message (the next call goes on behind
   * it), ConnectionClosedError, WorkerCrashedError, AbortError, TimeoutError
   */
  async receive(options: WaitOptions = {}): Promise<ClaudeOutput> {
    return withDeadline("receive()", options, (deadline) => this.#reader.receive(deadline));
  }

  /** Like {@link AsyncClient.receive}, but takes any JSON value for a message. */
  async receiveRaw(options: WaitOptions = {}): Promise<unknown> {
    return withDeadline("receiveRaw()", options, (deadline) => this.#reader.receiveRaw(deadline));
  }

  // Control.

  /**
   * Interrupts the turn that runs, and gives the CLI's receipt. The turn then ends with a result of subtype
   * `error_during_execution`. Does nothing when no turn runs. The receipt lists messages by their `uuid`.
   */
  async interrupt(options: InterruptOptions = {}): Promise<InterruptPayload> {
    return bounded("interrupt()", options, () => this.#turns.interrupt(options));
  }

  override async sendControlResponse(response: ControlAnswer | ControlResponseMessage): Promise<void> {
    const { request_id } = isControlResponse(response) ? response.response : response;
    this.#stalls?.answered(request_id);
    await super.sendControlResponse(response);
  }

  // State.

  /**
   * The wire's current `session_id`, as of the last message read: it changes with `/clear` and forks.
   * @throws SessionNotInitializedError before the first message, unless a session was resumed
   */
  sessionUuid(): string {
    const id = this.#reader.sessionId;
    if (id !== undefined) return id;
    throw new SessionNotInitializedError(
      "The CLI has not told a session id yet. Read a message of a turn first.",
    );
  }

  /** What the turns read so far have used; nothing of what a resumed session had used before this client. */
  totals(): ClientTotals {
    return this.#reader.totals.sum;
  }

  /** @internal See {@link MessageReader.resumable}. */
  get resumable(): string | null | undefined {
    return this.#reader.resumable;
  }

  override stats(): ClientStats {
    const { waiting, dropped } = this.#reader.unclaimed;
    return { ...super.stats(), unclaimedMessages: waiting, droppedMessages: dropped };
  }

  /** @internal */
  protected override changedCommands(): readonly SlashCommand[] | undefined {
    return this.#reader.commands;
  }

  #collect(stream: ResponseStream): Promise<ClaudeOutput[]> {
    return collectUnattended(stream, (answer) => this.sendControlResponse(answer));
  }

  /** @internal */
  protected override dataWaits(): void {
    this.#inbox.wake();
  }
}
