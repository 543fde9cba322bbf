import * as errors from "../../src/errors.js";

/** One error of each class, with every field set, and the fields that a reader must find again. */
export const EVERY_ERROR: readonly (readonly [error: errors.ClaudeError, fields: Record<string, unknown>])[] =
  [
    [
      new errors.BinaryNotFoundError("no claude", { binary: "claude", searched: ["/a/claude", "/b/claude"] }),
      { code: "BINARY_NOT_FOUND", binary: "claude", searched: ["/a/claude", "/b/claude"] },
    ],
    [
      new errors.SpawnError("not allowed", { command: "/a/claude", errno: "EACCES" }),
      { code: "SPAWN_FAILED", command: "/a/claude", errno: "EACCES" },
    ],
    [
      new errors.ConnectionClosedError("gone", {
        exitCode: null,
        signal: "SIGKILL",
        stderrTail: "last words",
      }),
      { code: "CONNECTION_CLOSED", exitCode: null, signal: "SIGKILL", stderrTail: "last words" },
    ],
    [
      new errors.DeserializationError("no JSON", { rawLine: "\u0000{nope", reason: "unexpected" }),
      { code: "DESERIALIZATION", rawLine: "\u0000{nope", reason: "unexpected" },
    ],
    [
      new errors.FrameTooLargeError("too long", { frameBytes: 2_000, maxFrameBytes: 1_000, head: "{" }),
      { code: "FRAME_TOO_LARGE", frameBytes: 2_000, maxFrameBytes: 1_000, head: "{" },
    ],
    [
      new errors.ControlRequestError("refused", { subtype: "initialize", errorCode: "unsupported_request" }),
      { code: "CONTROL_REQUEST_FAILED", subtype: "initialize", errorCode: "unsupported_request" },
    ],
    [new errors.TimeoutError("late", { timeoutMs: 250 }), { code: "TIMEOUT", timeoutMs: 250 }],
    [new errors.AbortError("aborted"), { code: "ABORTED" }],
    [new errors.WorkerCrashedError("crashed"), { code: "WORKER_CRASHED" }],
    [new errors.SessionNotInitializedError("no id yet"), { code: "SESSION_NOT_INITIALIZED" }],
    [new errors.WriteError("closed"), { code: "WRITE_FAILED" }],
    [new errors.InvalidArgumentError("impossible"), { code: "INVALID_ARGUMENT" }],
    [new errors.InvalidStateError("finished"), { code: "INVALID_STATE" }],
    [
      new errors.SessionNotFoundError("nowhere", { sessionId: "0a0b0c0d-9999-4222-8333-444455556666" }),
      { code: "SESSION_NOT_FOUND", sessionId: "0a0b0c0d-9999-4222-8333-444455556666" },
    ],
    [
      new errors.SessionFileError("not allowed", { file: "/a/b.jsonl", errno: "EACCES" }),
      { code: "SESSION_FILE_FAILED", file: "/a/b.jsonl", errno: "EACCES" },
    ],
  ];

/** The same for errors that no worker raises, and that therefore never cross a thread. */
export const EVERY_HOST_ERROR: typeof EVERY_ERROR = [
  [
    new errors.BadInputError("bad", { file: "in.csv", rows: [{ line: 2, reason: "empty" }] }),
    { code: "BAD_INPUT", file: "in.csv", rows: [{ line: 2, reason: "empty" }] },
  ],
  [
    new errors.OutputError("full", { file: "out.jsonl", errno: "ENOSPC" }),
    { code: "OUTPUT_FAILED", file: "out.jsonl", errno: "ENOSPC" },
  ],
  [
    new errors.OutputLockedError("taken", { file: "out.jsonl", pid: 7 }),
    { code: "OUTPUT_LOCKED", file: "out.jsonl", pid: 7 },
  ],
  [
    new errors.StructuredOutputError("no fit", {
      issues: [{ message: "too long", path: ["name"] }],
      result: { type: "result" },
    }),
    {
      code: "STRUCTURED_OUTPUT",
      issues: [{ message: "too long", path: ["name"] }],
      result: { type: "result" },
    },
  ],
  [
    new errors.RestartLimitError("too often", { restarts: 3, cause: new errors.WriteError("broken") }),
    { code: "RESTART_LIMIT", restarts: 3 },
  ],
];
