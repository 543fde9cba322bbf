/** A client that survives the crash of its process: the next use resumes the session in a new one. */

import { setTimeout as sleep } from "node:timers/promises";
import { type ExitStatus, InvalidStateError, isClaudeError } from "../errors.js";
import type { ClaudeCliBuilder } from "../launch/index.js";
import type { ShutdownOptions } from "../options.js";
import type { ClaudeOutput } from "../protocol/index.js";
import { AsyncClient } from "./async-client.js";
import type { ClientOptions, QueryOptions } from "./client-options.js";
import { bounded } from "./control-calls.js";
import { type RestartOptions, RestartPolicy } from "./restart-policy.js";
import type { ResponseStream } from "./turn.js";
import type { Prompt } from "./turns.js";

/** Errors of a call that mean that its process is gone. */
const GONE: readonly string[] = ["CONNECTION_CLOSED", "WORKER_CRASHED", "WRITE_FAILED"];

/** Failures of a start that another one would share. */
const HOPELESS: readonly string[] = ["ABORTED", "INVALID_ARGUMENT", "BINARY_NOT_FOUND"];

/**
 * Keeps a conversation going over crashes. When the process or its thread has died, the next query first starts a new
 * one, which resumes the session; a turn that ran is lost, and its call rejects. A session in which no turn has ended
 * is begun anew. What the client was told beside its
 * launch (a model that was changed, say) is lost as well.
 *
 * An exit with code 0 and a shutdown are no crashes: afterwards calls reject with `ConnectionClosedError`.
 */
export class RestartingClient {
  readonly #options: ClientOptions;
  readonly #policy: RestartPolicy;
  readonly #closing = new AbortController();
  #current: AsyncClient;
  /** Starts the session as it was last known: a new process knows nothing of it until its first turn has ended. */
  #resumed: ClaudeCliBuilder;
  #restarting: Promise<AsyncClient> | undefined;

  private constructor(
    builder: ClaudeCliBuilder,
    options: ClientOptions,
    policy: RestartPolicy,
    first: AsyncClient,
  ) {
    this.#resumed = builder;
    this.#options = options;
    this.#policy = policy;
    this.#current = first;
  }

  /**
   * Starts what the builder says.
   * @throws InvalidArgumentError, and what opening a client throws: a first start that fails is not repeated
   */
  static async fromBuilder(
    builder: ClaudeCliBuilder,
    { restart, ...options }: ClientOptions & { readonly restart?: RestartOptions } = {},
  ): Promise<RestartingClient> {
    const policy = new RestartPolicy(restart);
    return new RestartingClient(builder, options, policy, await AsyncClient.fromBuilder(builder, options));
  }

  /** The client of the process that runs, or ran last. It is another one after a restart. */
  get current(): AsyncClient {
    return this.#current;
  }

  /**
   * Like {@link AsyncClient.query}; with `retryTurns` asks again, in the resumed session, when the process dies.
   * @throws RestartLimitError when it has crashed too often, and what a client's query throws
   */
  async query(prompt: Prompt, options: QueryOptions = {}): Promise<ClaudeOutput[]> {
    for (;;) {
      const client = await this.#alive("query()", options);
      try {
        return await client.query(prompt, options);
      } catch (error) {
        const gone = isClaudeError(error) && GONE.includes(error.code);
        if (!gone || !this.#policy.retryTurns || !(await this.#crashed(client))) throw error;
      }
    }
  }

  /** Like {@link AsyncClient.queryStream}. A stream whose process dies is never begun anew. */
  async queryStream(prompt: Prompt, options: QueryOptions = {}): Promise<ResponseStream> {
    const client = await this.#alive("queryStream()", options);
    return client.queryStream(prompt, options);
  }

  /** Ends it for good; gives how the process ended. */
  async shutdown(options: ShutdownOptions = {}): Promise<ExitStatus> {
    this.#closing.abort();
    await this.#restarting?.catch(() => {});
    return this.#current.shutdown(options);
  }

  /** Same as {@link RestartingClient.shutdown}, for `await using`. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.shutdown();
  }

  /** The client to use: the current one, or that of a new process after a crash. */
  async #alive(what: string, options: QueryOptions): Promise<AsyncClient> {
    if (this.#restarting === undefined && this.#current.isAlive()) return this.#current;
    // A restart goes on for others when this caller has ceased to wait for it.
    return bounded(what, options, () => this.#revived());
  }

  async #revived(): Promise<AsyncClient> {
    if (this.#restarting === undefined && !(await this.#crashed(this.#current))) return this.#current;
    // Somebody else may have restarted it meanwhile.
    if (this.#restarting === undefined && this.#current.isAlive()) return this.#current;
    this.#restarting ??= this.#restart().finally(() => {
      this.#restarting = undefined;
    });
    return this.#restarting;
  }

  /** Whether its process has ended by itself, and not in order. */
  async #crashed(client: AsyncClient): Promise<boolean> {
    if (this.#closing.signal.aborted || this.#options.signal?.aborted === true) return false;
    if (client.isShutDown) return false;
    return (await client.exited).exitCode !== 0;
  }

  async #restart(): Promise<AsyncClient> {
    const { resumable, closedBy } = this.#current;
    if (resumable !== undefined) this.#resumed = this.#resumed.resumeInstead(resumable ?? undefined);
    let cause: unknown = closedBy;
    for (;;) {
      const delayMs = this.#policy.allow(cause, resumable ?? undefined);
      await sleep(delayMs, undefined, { signal: this.#closing.signal }).catch(() => {});
      if (this.#closing.signal.aborted) {
        throw new InvalidStateError("The client was shut down while it was being restarted.");
      }
      try {
        this.#current = await AsyncClient.fromBuilder(this.#resumed, this.#options);
        return this.#current;
      } catch (error) {
        if (isClaudeError(error) && HOPELESS.includes(error.code)) throw error;
        cause = error;
      }
    }
  }
}
