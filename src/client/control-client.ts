/** The part of a client that controls the running session, beside its turns and messages. */

import { AbortError, ConnectionClosedError, ControlRequestError, type ExitStatus } from "../errors.js";
import type {
  AccountInfo,
  AgentInfo,
  InitializePayload,
  ModelInfo,
  OutgoingFields,
  OutgoingSubtype,
  PermissionMode,
  SlashCommand,
} from "../protocol/index.js";
import {
  type ControlAnswerTo,
  checkPayload,
  type PromisedAnswer,
  promisedField,
} from "./control/control-requests.js";
import { FileControl } from "./control/file-control.js";
import { McpControl } from "./control/mcp-control.js";
import { ReloadControl } from "./control/reload-control.js";
import { SettingsControl } from "./control/settings-control.js";
import { TaskControl } from "./control/task-control.js";
import { bounded } from "./control-calls.js";
import type { WaitOptions } from "./deadline.js";
import { HostClient } from "./host-client.js";
import type { OpenedSession } from "./open.js";

/** How {@link ControlClient.setCwd} deals with a folder that is not trusted yet. */
export interface SetCwdOptions extends WaitOptions {
  /** The user trusts this folder: the `directory` of a `needs_trust` answer. */
  readonly trust?: string;
}

/**
 * Control of a running session. None of these calls is a turn; all go through while a turn streams. Each waits
 * `requestTimeoutMs` at most unless told otherwise, and is withdrawn from the CLI when its wait ends before its answer.
 *
 * All throw ControlRequestError when the CLI refuses, DeserializationError when its answer lacks what the call is to
 * give, TimeoutError, AbortError, ConnectionClosedError, WorkerCrashedError.
 */
export abstract class ControlClient extends HostClient {
  /** The session's MCP servers. */
  readonly mcp: McpControl;
  /** What runs in its background. */
  readonly tasks: TaskControl;
  /** The files that it works on. */
  readonly files: FileControl;
  /** Its settings. */
  readonly settings: SettingsControl;
  /** Plugins, skills and output styles, read anew. */
  readonly reload: ReloadControl;
  /** @internal */
  constructor(opened: OpenedSession) {
    super(opened);
    this.mcp = new McpControl(this.requests, opened.options.host);
    this.tasks = new TaskControl(this.requests);
    this.files = new FileControl(this.requests);
    this.settings = new SettingsControl(this.requests);
    this.reload = new ReloadControl(this.requests);
  }

  /** @internal The commands of the last `commands_changed` that was read. */
  protected abstract changedCommands(): readonly SlashCommand[] | undefined;

  /**
   * Sends a control request of any kind, and gives the payload of its answer, empty if there is none.
   * @throws InvalidArgumentError for fields that JSON cannot express
   */
  request<Subtype extends OutgoingSubtype>(
    subtype: Subtype,
    ...rest: Partial<OutgoingFields<Subtype>> extends OutgoingFields<Subtype>
      ? [fields?: OutgoingFields<Subtype>, options?: WaitOptions]
      : [fields: OutgoingFields<Subtype>, options?: WaitOptions]
  ): Promise<ControlAnswerTo<Subtype>>;
  /** A control request of a subtype that this version does not know. */
  request<Subtype extends string>(
    subtype: Subtype extends OutgoingSubtype ? never : Subtype,
    fields?: Readonly<Record<string, unknown>>,
    options?: WaitOptions,
  ): Promise<Record<string, unknown>>;
  request(
    subtype: string,
    fields: Readonly<Record<string, unknown>> = {},
    options: WaitOptions = {},
  ): Promise<Record<string, unknown>> {
    return this.requests.send(subtype, fields, options);
  }

  // The conversation.

  /**
   * Another model from the next request on; none goes back to the default. Gives the model it came to, if the CLI
   * tells.
   */
  async setModel(model?: string | null, options: WaitOptions = {}): Promise<string | undefined> {
    return (await this.requests.ask("set_model", { model }, options)).model ?? undefined;
  }

  /** Another permission mode, at once. Gives the mode in force. */
  async setPermissionMode(mode: PermissionMode, options: WaitOptions = {}): Promise<PermissionMode> {
    return (await this.requests.ask("set_permission_mode", { mode }, options)).mode ?? mode;
  }

  /**
   * Tokens that a model with a thinking budget may think with, 0 for none, null for the default; models with adaptive
   * thinking decide by themselves.
   */
  async setMaxThinkingTokens(
    tokens: number | null,
    {
      display,
      ...options
    }: WaitOptions & { readonly display?: "summarized" | "omitted" | "highlights" | null } = {},
  ): Promise<void> {
    const fields = { max_thinking_tokens: tokens, thinking_display: display };
    await this.requests.ask("set_max_thinking_tokens", fields, options);
  }

  /**
   * Asks the model something with the conversation before it, beside the turn that runs; question and answer leave
   * no trace in the conversation. `synthetic` is true when the text is the CLI's own, as after an error of the API.
   */
  askSideQuestion(
    question: string,
    options: WaitOptions = {},
  ): Promise<PromisedAnswer<"side_question", "response">> {
    return this.requests.ask("side_question", { question }, options, "response");
  }

  /** Takes back a message that waits in the CLI; false when it was started on, or is unknown. */
  async cancelMessage(uuid: string, options: WaitOptions = {}): Promise<boolean> {
    return (await this.requests.ask("cancel_async_message", { message_uuid: uuid }, options, "cancelled"))
      .cancelled;
  }

  /** Names the session, for lists of sessions. */
  async rename(title: string, options: WaitOptions = {}): Promise<void> {
    await this.requests.ask("rename_session", { title }, options);
  }

  /** Has a model make a title out of a description; null when it gives none. `persist` also names the session so. */
  async generateTitle(
    description: string,
    { persist, ...options }: WaitOptions & { readonly persist?: boolean } = {},
  ): Promise<string | null> {
    const answer = await this.requests.ask("generate_session_title", { description, persist }, options);
    return answer.title ?? null;
  }

  /**
   * Another working folder. `status` is `ok`, `rejected` with `reason` and `message`, or `needs_trust`: then ask the
   * user, and call again with `trust`.
   */
  setCwd(
    path: string,
    { trust, ...options }: SetCwdOptions = {},
  ): Promise<PromisedAnswer<"set_cwd", "status">> {
    const trusted = trust === undefined ? {} : { trust_accepted: true, trusted_directory: trust };
    return this.requests.ask("set_cwd", { path, ...trusted }, options, "status");
  }

  /** The conversation as plain text. */
  exportConversation(
    options: WaitOptions = {},
  ): Promise<PromisedAnswer<"export_conversation", "text" | "default_filename">> {
    return this.requests.ask("export_conversation", {}, options, "text", "default_filename");
  }

  /** The plan of plan mode; `exists` is false when there is none. */
  plan(options: WaitOptions = {}): Promise<PromisedAnswer<"get_plan", "exists">> {
    return this.requests.ask("get_plan", {}, options, "exists");
  }

  /**
   * Has the CLI end by itself: it drops what waits, ends the turn that runs, and exits. Gives how it ended. Unlike
   * `shutdown()` it has no ladder: a CLI that goes on makes it time out.
   */
  async endSession({
    reason,
    ...options
  }: WaitOptions & { readonly reason?: string } = {}): Promise<ExitStatus> {
    const { requestTimeoutMs: timeoutMs } = this.options.limits;
    return bounded("endSession()", { timeoutMs, ...options }, async () => {
      try {
        await this.requests.ask("end_session", { reason }, options);
      } catch (error) {
        // It may be gone before its answer is read.
        if (!(error instanceof ConnectionClosedError)) throw error;
      }
      return this.exited;
    });
  }

  // What it knows of itself.

  /** What fills the context window, in tokens. `summary` estimates; `full`, the default, asks the API to count. */
  contextUsage({
    detail,
    ...options
  }: WaitOptions & { readonly detail?: "summary" | "full" } = {}): Promise<
    PromisedAnswer<"get_context_usage", "categories" | "totalTokens" | "maxTokens" | "percentage">
  > {
    const promised = ["categories", "totalTokens", "maxTokens", "percentage"] as const;
    return this.requests.ask("get_context_usage", { detail }, options, ...promised);
  }

  /** Cost, durations and tokens of the session, and the plan's rate limits. `skipBehaviors` spares a scan of the disk. */
  usage({
    skipBehaviors,
    ...options
  }: WaitOptions & { readonly skipBehaviors?: boolean } = {}): Promise<
    PromisedAnswer<"get_usage", "session">
  > {
    return this.requests.ask("get_usage", { skip_behaviors: skipBehaviors }, options, "session");
  }

  /** The cost so far, in words for people. */
  async cost(options: WaitOptions = {}): Promise<string> {
    return (await this.requests.ask("get_session_cost", {}, options, "text")).text;
  }

  /** Version, session, account, model and more, in words for people. */
  async status(options: WaitOptions = {}): Promise<PromisedAnswer<"get_status", "sections">["sections"]> {
    return (await this.requests.ask("get_status", {}, options, "sections")).sections;
  }

  /** The version of the CLI that runs. */
  async cliVersion(options: WaitOptions = {}): Promise<string> {
    return (await this.requests.ask("get_binary_version", {}, options, "version")).version;
  }

  /** Slash commands and skills: as told at first, or by the last `commands_changed` message that was read. */
  async supportedCommands(options: WaitOptions = {}): Promise<readonly SlashCommand[]> {
    return this.changedCommands() ?? this.#told("commands", options);
  }

  /** Models that {@link ControlClient.setModel} takes, as told at first. */
  supportedModels(options: WaitOptions = {}): Promise<readonly ModelInfo[]> {
    return this.#told("models", options);
  }

  /** Subagents that the session can call, as told at first. */
  supportedAgents(options: WaitOptions = {}): Promise<readonly AgentInfo[]> {
    return this.#told("agents", options);
  }

  /** Who is logged in, and by what, as told at first. */
  accountInfo(options: WaitOptions = {}): Promise<AccountInfo> {
    return this.#told("account", options);
  }

  async #told<Field extends "commands" | "models" | "agents" | "account">(
    field: Field,
    options: WaitOptions,
  ): Promise<NonNullable<InitializePayload[Field]>> {
    const payload = await this.enableToolApproval(options);
    checkPayload("initialize", { [field]: payload[field] });
    return promisedField("initialize", payload, field);
  }

  /**
   * Asks the CLI for a sign of life without a model turn: true when it answers at all in time.
   * @throws AbortError
   */
  async isResponsive({ signal, timeoutMs = 5_000 }: WaitOptions = {}): Promise<boolean> {
    try {
      await this.calls.request("get_binary_version", { timeoutMs, ...(signal && { signal }) });
      return true;
    } catch (error) {
      if (error instanceof AbortError) throw error;
      // A refusal is an answer too: older versions do not know the question.
      return error instanceof ControlRequestError;
    }
  }
}
