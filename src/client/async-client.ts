/** A conversation with one CLI process, all of whose work is done in a worker thread. */

import type { ChildProcess } from "node:child_process";
import type { StandardSchemaV1 } from "@standard-schema/spec";
import type { WorkerNotice } from "../channel/control-contract.js";
import { closedError } from "../channel/session-end.js";
import { SessionNotInitializedError } from "../errors.js";
import type { ClaudeCliBuilder, LaunchSpec } from "../launch/index.js";
import {
  type ClaudeInput,
  type ClaudeOutput,
  type ControlAnswer,
  type ControlRequestMessage,
  type ControlResponseMessage,
  encodeInput,
  isControlResponse,
} from "../protocol/index.js";
import { Approvals } from "./approvals.js";
import type { ClientOptions, ClientStats, QueryOptions } from "./client-options.js";
import { collectUnattended, PING, saysPong } from "./collect.js";
import { asRecord, bounded, withDeadline } from "./control-calls.js";
import type { WaitOptions } from "./deadline.js";
import { Inbox, openBatch } from "./inbox.js";
import { Introduction } from "./introduction.js";
import { MessageReader } from "./message-reader.js";
import { baseBuilder, type OpenedSession, openBuilder, openChild, openSpec } from "./open.js";
import { SessionClient } from "./session-client.js";
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
export class AsyncClient extends SessionClient {
  readonly #inbox: Inbox;
  readonly #reader: MessageReader;
  readonly #users: UserMessages;
  readonly #turns: Turns;
  readonly #approvals: Approvals | undefined;
  readonly #introduction: Introduction;
  readonly #structured: StructuredOutput;
  readonly #stalls: StallWatch | undefined;

  /** @internal Use the static methods. */
  constructor(opened: OpenedSession) {
    super(opened);
    const { session, options, sessionId, args } = opened;
    this.#introduction = new Introduction(this.calls);
    this.#structured = new StructuredOutput(this.#introduction, args);
    this.#stalls = StallWatch.of(session.ledger, options, () => this.#approvals?.waiting === true);
    this.#inbox = new Inbox(session);
    this.#reader = new MessageReader(this.#inbox, options, this.#stalls, sessionId);
    void countFromNow(this.#reader.totals, this.calls, args);
    this.#users = new UserMessages(this.calls, this.#reader.conversation, this.#introduction);
    this.#turns = new Turns({
      reader: this.#reader,
      limits: options.limits,
      sendUser: (input, uuid) => this.#users.send(input, uuid),
      calls: this.calls,
      stalls: this.#stalls,
    });
    this.#approvals =
      options.onToolApproval &&
      new Approvals(options.onToolApproval, (answer) => this.sendControlResponse(answer));
    session.onNotice((notice) => this.#notice(notice));
    void session.outcome.then((outcome) => {
      const error = "crash" in outcome ? outcome.crash : closedError(outcome.end);
      this.#approvals?.end();
      this.#reader.sessionOver(error);
      this.#turns.sessionOver(error);
    });
  }

  /**
   * Starts the `claude` that is found, with model `sonnet`. Warns once when its version is not the tested one.
   * @throws BinaryNotFoundError, SpawnError, TimeoutError, AbortError; as all that follow
   */
  static async withDefaults(options: ClientOptions = {}): Promise<AsyncClient> {
    return new AsyncClient(
      await openBuilder(baseBuilder(options).model("sonnet"), options, { checkVersion: true }),
    );
  }

  /** Starts the `claude` that is found with the given model. */
  static async withModel(model: string, options: ClientOptions = {}): Promise<AsyncClient> {
    return AsyncClient.fromBuilder(baseBuilder(options).model(model), options);
  }

  /** Starts what the builder says. */
  static async fromBuilder(builder: ClaudeCliBuilder, options: ClientOptions = {}): Promise<AsyncClient> {
    return new AsyncClient(await openBuilder(builder, options));
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
   * conversation. {@link AsyncClient.isResponsive} is free.
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
   * `error_during_execution`. Does nothing when no turn runs.
   */
  async interrupt(options: WaitOptions = {}): Promise<Record<string, unknown>> {
    return bounded("interrupt()", options, async () => asRecord(await this.#turns.interrupt(options)));
  }

  /**
   * Asks the CLI for a sign of life without a model turn: true when it answers at all in time.
   * @throws AbortError
   */
  async isResponsive(options: WaitOptions = {}): Promise<boolean> {
    return this.calls.answers(options);
  }

  /**
   * Introduces the client to the CLI, and gives what the CLI tells of itself (commands, models, account, …).
   * Further calls give the same. For permission requests to arrive, the CLI must also run with
   * `--permission-prompt-tool=stdio`.
   * @throws ControlRequestError, TimeoutError, AbortError, ConnectionClosedError
   */
  async enableToolApproval(options: WaitOptions = {}): Promise<Record<string, unknown>> {
    return this.#introduction.initialize(options);
  }

  /** True once {@link AsyncClient.enableToolApproval} has succeeded, or when `onToolApproval` was given. */
  isToolApprovalEnabled(): boolean {
    return this.#introduction.done || this.#approvals !== undefined;
  }

  /** Answers a control request that came as a message; `permission` makes such answers. */
  async sendControlResponse(response: ControlAnswer | ControlResponseMessage): Promise<void> {
    const answer: ControlAnswer = isControlResponse(response) ? response.response : response;
    const line = encodeInput({ type: "control_response", response: answer });
    this.#stalls?.answered(answer.request_id);
    await this.calls.write(line, answer.request_id);
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

  #collect(stream: ResponseStream): Promise<ClaudeOutput[]> {
    return collectUnattended(stream, (answer) => this.sendControlResponse(answer));
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
