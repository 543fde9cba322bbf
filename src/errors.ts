/**
 * Every failure of this package, as a class with a stable string `code`.
 *
 * Match on `error.code`, or narrow with {@link isClaudeError}: `instanceof` fails when two copies of the
 * package are loaded, codes and brands do not.
 */

const BRAND = Symbol.for("claude-offthread.error");

/** A signal by name, such as `SIGTERM`. Spelled out here because the protocol must do without Node's types. */
export type SignalName = `SIG${string}`;

/** How a child process ended. Both fields are null while unknown, for example after its worker died. */
export interface ExitStatus {
  /** Exit code, or null when a signal ended the process. */
  readonly exitCode: number | null;
  /** Signal name, or null when the process exited by itself. */
  readonly signal: SignalName | null;
}

/** Base class of all errors of this package. */
export abstract class ClaudeError extends Error {
  /** Stable identifier of the kind of failure; never changes within a major version. */
  abstract readonly code: string;

  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    // Non-enumerable, so that neither shows when the error is logged or compared.
    Object.defineProperty(this, BRAND, { value: true });
    Object.defineProperty(this, "name", { value: new.target.name, configurable: true, writable: true });
  }
}

/** True for an error of this package, also for one that another loaded copy of it has thrown. */
export function isClaudeError(value: unknown): value is ClaudeError {
  return typeof value === "object" && value !== null && (value as Record<symbol, unknown>)[BRAND] === true;
}

/** The `claude` executable (or the command of a launch spec) does not exist. */
export class BinaryNotFoundError extends ClaudeError {
  readonly code = "BINARY_NOT_FOUND";
  /** The name or path that was looked for. */
  readonly binary: string;
  /** Every place that was looked at, in order. */
  readonly searched: readonly string[];

  constructor(message: string, details: { binary: string; searched?: readonly string[] }) {
    super(message);
    this.binary = details.binary;
    this.searched = details.searched ?? [];
  }
}

/** The child could not be started although its command exists: permissions, working directory, limits. */
export class SpawnError extends ClaudeError {
  readonly code = "SPAWN_FAILED";
  /** The command that was to be started. */
  readonly command: string;
  /** The system's own error code, for example `EACCES`. */
  readonly errno: string | undefined;

  constructor(message: string, details: { command: string; errno?: string | undefined }) {
    super(message);
    this.command = details.command;
    this.errno = details.errno;
  }
}

/** The child is gone, and with it the conversation: nothing more can be sent or received. */
export class ConnectionClosedError extends ClaudeError {
  readonly code = "CONNECTION_CLOSED";
  readonly exitCode: number | null;
  readonly signal: SignalName | null;
  /** The last few kilobytes that the child wrote to stderr. */
  readonly stderrTail: string;

  constructor(message: string, details: ExitStatus & { stderrTail?: string }) {
    super(message);
    this.exitCode = details.exitCode;
    this.signal = details.signal;
    this.stderrTail = details.stderrTail ?? "";
  }
}

/**
 * A line from the child is not a message: no JSON, no object, or a field we rely on is missing. Or the answer to a
 * control request lacks what the call is to give.
 */
export class DeserializationError extends ClaudeError {
  readonly code = "DESERIALIZATION";
  /** The line as the child wrote it; of an answer its payload. Not part of the message, since it may hold anything. */
  readonly rawLine: string;
  /** Why the line was refused. */
  readonly reason: string;

  constructor(message: string, details: { rawLine: string; reason: string }) {
    super(message);
    this.rawLine = details.rawLine;
    this.reason = details.reason;
  }
}

/** A frame was longer than `maxFrameBytes`; it was skipped, and the session lives on. */
export class FrameTooLargeError extends ClaudeError {
  readonly code = "FRAME_TOO_LARGE";
  /** Length of the skipped frame in bytes. */
  readonly frameBytes: number;
  /** The limit in force, in bytes. */
  readonly maxFrameBytes: number;
  /** The first bytes of the frame, to tell what it was. */
  readonly head: string;

  constructor(message: string, details: { frameBytes: number; maxFrameBytes: number; head: string }) {
    super(message);
    this.frameBytes = details.frameBytes;
    this.maxFrameBytes = details.maxFrameBytes;
    this.head = details.head;
  }
}

/** The CLI answered a control request with an error. */
export class ControlRequestError extends ClaudeError {
  readonly code = "CONTROL_REQUEST_FAILED";
  /** Subtype of the request, for example `initialize`. */
  readonly subtype: string;
  /** The wire's own `error_code`, when the CLI gave one. */
  readonly errorCode: string | undefined;

  constructor(message: string, details: { subtype: string; errorCode?: string | undefined }) {
    super(message);
    this.subtype = details.subtype;
    this.errorCode = details.errorCode;
  }
}

/** A wait reached its deadline. What was waited for may still arrive: nothing is lost by it. */
export class TimeoutError extends ClaudeError {
  readonly code = "TIMEOUT";
  /** The deadline that passed, in milliseconds. */
  readonly timeoutMs: number;
  /** True when what was to be sent has been taken back, and never will be; absent otherwise. */
  declare readonly unsent?: boolean;

  constructor(message: string, details: { timeoutMs: number; unsent?: boolean }) {
    super(message);
    this.timeoutMs = details.timeoutMs;
    if (details.unsent === true) this.unsent = true;
  }
}

/** The caller's `AbortSignal` ended the wait; `cause` is the signal's reason. */
export class AbortError extends ClaudeError {
  readonly code = "ABORTED";
}

/** The worker thread that owned the child died (out of memory, uncaught error); its children were ended. */
export class WorkerCrashedError extends ClaudeError {
  readonly code = "WORKER_CRASHED";
}

/** A session id was asked for before the child has told one. */
export class SessionNotInitializedError extends ClaudeError {
  readonly code = "SESSION_NOT_INITIALIZED";
}

/** The child no longer accepts input: its stdin is closed or broken. */
export class WriteError extends ClaudeError {
  readonly code = "WRITE_FAILED";
}

/** An argument or option has an impossible value; thrown before anything is started. */
export class InvalidArgumentError extends ClaudeError {
  readonly code = "INVALID_ARGUMENT";
}

/** The call does not fit the object's state: the client is shut down, the stream is finished. */
export class InvalidStateError extends ClaudeError {
  readonly code = "INVALID_STATE";
}

/** What a schema finds wrong with a value; as Standard Schema defines it. */
export interface SchemaIssue {
  readonly message: string;
  /** Where in the value: property names and indices, or objects that hold one as `key`. */
  readonly path?: readonly (PropertyKey | { readonly key: PropertyKey })[] | undefined;
}

/** A turn that was asked for a value of a schema has ended without one. The session lives on. */
export class StructuredOutputError extends ClaudeError {
  readonly code = "STRUCTURED_OUTPUT";
  /** Why the schema refused the value; empty when there was no value. */
  readonly issues: readonly SchemaIssue[];
  /** The turn's result message. */
  readonly result: Readonly<Record<string, unknown>>;

  constructor(
    message: string,
    details: { issues?: readonly SchemaIssue[]; result: Readonly<Record<string, unknown>> },
  ) {
    super(message);
    this.issues = details.issues ?? [];
    this.result = details.result;
  }
}

/** A process that should be restarted when it crashes has crashed too often; `cause` is the last crash. */
export class RestartLimitError extends ClaudeError {
  readonly code = "RESTART_LIMIT";
  /** Restarts within the window. */
  readonly restarts: number;

  constructor(message: string, details: { restarts: number; cause: unknown }) {
    super(message, { cause: details.cause });
    this.restarts = details.restarts;
  }
}

/** A row of a file of prompts that cannot be run. */
export interface BadRow {
  /** Line of the file on which the row begins, from 1. */
  readonly line: number;
  /** What is wrong with it. */
  readonly reason: string;
}

/** A file of prompts holds rows that cannot be run, or cannot be read as what it is said to be. */
export class BadInputError extends ClaudeError {
  readonly code = "BAD_INPUT";
  /** The file, as it was named. */
  readonly file: string;
  /** The first rows that could be set aside, in the order of the file; none when the file itself is of no use. */
  readonly rows: readonly BadRow[];

  constructor(message: string, details: { file: string; rows: readonly BadRow[] }) {
    super(message);
    this.file = details.file;
    this.rows = details.rows;
  }
}

/** Results cannot be written: a full disk, a missing permission, a file that holds something else. */
export class OutputError extends ClaudeError {
  readonly code = "OUTPUT_FAILED";
  /** The file, as it was named. */
  readonly file: string;
  /** The system's own error code, for example `ENOSPC`. */
  readonly errno: string | undefined;

  constructor(message: string, details: { file: string; errno?: string | undefined }) {
    super(message);
    this.file = details.file;
    this.errno = details.errno;
  }
}

/** Another run writes to the same file of results. */
export class OutputLockedError extends ClaudeError {
  readonly code = "OUTPUT_LOCKED";
  /** The file, as it was named. */
  readonly file: string;
  /** Process id of the other run. */
  readonly pid: number;

  constructor(message: string, details: { file: string; pid: number }) {
    super(message);
    this.file = details.file;
    this.pid = details.pid;
  }
}

/** No transcript of the session was found where it was looked for. */
export class SessionNotFoundError extends ClaudeError {
  readonly code = "SESSION_NOT_FOUND";
  /** The session that was asked for. */
  readonly sessionId: string;

  constructor(message: string, details: { sessionId: string }) {
    super(message);
    this.sessionId = details.sessionId;
  }
}

/** A file of a stored session cannot be read or changed: a missing permission, a full disk, a folder in its place. */
export class SessionFileError extends ClaudeError {
  readonly code = "SESSION_FILE_FAILED";
  /** The file or folder. */
  readonly file: string;
  /** The system's own error code, for example `EACCES`. */
  readonly errno: string | undefined;

  constructor(message: string, details: { file: string; errno?: string | undefined }) {
    super(message);
    this.file = details.file;
    this.errno = details.errno;
  }
}
