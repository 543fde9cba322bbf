/** What every client knows of its child, and how it ends it. */

import { Readable } from "node:stream";
import { closedError } from "../channel/session-end.js";
import type { ClaudeError, ExitStatus } from "../errors.js";
import { resolveShutdown, type ShutdownOptions } from "../options.js";
import type { SessionHandle } from "../pool/session-handle.js";
import type { ClientStats } from "./client-options.js";
import { ControlCalls } from "./control-calls.js";
import { diagnostics } from "./diagnostics.js";
import type { OpenedSession, ResolvedOptions } from "./open.js";

/** The part of a client that is about its process; {@link AsyncClient} adds the conversation. */
export abstract class SessionClient {
  /** Settles when the child has exited; never rejects. Both fields are null when its worker died before. */
  readonly exited: Promise<ExitStatus>;
  /** @internal */
  protected readonly session: SessionHandle;
  /** @internal */
  protected readonly options: ResolvedOptions;
  /** @internal */
  protected readonly calls: ControlCalls;
  #stderrTaken = false;

  /** @internal */
  constructor({ session, options }: OpenedSession) {
    this.session = session;
    this.options = options;
    this.calls = new ControlCalls(session, options.limits);
    this.#publishLife(session);
    this.exited = session.outcome.then((outcome) => {
      if ("crash" in outcome) return { exitCode: null, signal: null };
      return { exitCode: outcome.end.exitCode, signal: outcome.end.signal };
    });
  }

  /** True from the child's start until its exit was seen; up to date even while this thread was blocked. */
  isAlive(): boolean {
    return this.session.ledger.alive;
  }

  /** @internal True once somebody here has asked for the end. */
  get isShutDown(): boolean {
    return this.session.shutDown;
  }

  /** @internal Why calls reject; undefined while the session lives. */
  get closedBy(): ClaudeError | undefined {
    return this.session.over;
  }

  /** The child's process id while it lives. */
  pid(): number | undefined {
    return this.session.ledger.pid;
  }

  /**
   * The child's stderr from its start on, as text; undefined at the second call. It is drained at any time: of
   * what nobody reads the last 256 KiB are kept.
   */
  takeStderr(): Readable | undefined {
    if (this.#stderrTaken) return undefined;
    this.#stderrTaken = true;
    return Readable.from(this.calls.stderr());
  }

  /** A snapshot of the counters; up to date even while this thread was blocked. */
  stats(): ClientStats {
    const { ledger } = this.session;
    return {
      framesReceived: ledger.counted("frames"),
      bytesReceived: ledger.counted("bytes"),
      bytesUnread: ledger.unreadBytes,
      highWaterMark: this.options.limits.highWaterMark,
      paused: ledger.paused,
      pauses: ledger.counted("pauses"),
      malformedFrames: ledger.counted("malformed"),
      oversizedFrames: ledger.counted("oversized"),
      stderrBytes: ledger.counted("stderrBytes"),
      undeliveredFrames: ledger.counted("undelivered"),
      unclaimedMessages: 0,
      droppedMessages: 0,
    };
  }

  /**
   * Ends the child and all that runs below it: closes its stdin, waits, SIGTERM, waits, SIGKILL. Unread messages
   * are dropped. Gives how the child ended. Further calls wait for the same end.
   * @throws InvalidArgumentError for an impossible duration
   */
  async shutdown(options: ShutdownOptions = {}): Promise<ExitStatus> {
    await this.session.shutdown(resolveShutdown(options, this.options.limits.shutdown));
    return this.exited;
  }

  #publishLife({ ledger, outcome }: SessionHandle): void {
    if (diagnostics.process.hasSubscribers)
      diagnostics.process.publish({ pid: ledger.lastPid, kind: "started" });
    void outcome.then((how) => {
      if (!diagnostics.process.hasSubscribers) return;
      const error = "crash" in how ? how.crash : closedError(how.end);
      const { exitCode, signal } = "crash" in how ? { exitCode: null, signal: null } : how.end;
      diagnostics.process.publish({ pid: ledger.lastPid, kind: "ended", exitCode, signal, error });
    });
  }

  /** Same as {@link SessionClient.shutdown}, for `await using`. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.shutdown();
  }
}
