/** Errors as data: structured clone keeps neither the class nor the fields of a thrown error. */

import { inspect } from "node:util";
import type { ClaudeError } from "../errors.js";
import * as errors from "../errors.js";

/** The classes that may be raised in a worker, each rebuilt from its message and its own fields. */
const REVIVERS = {
  BINARY_NOT_FOUND: errors.BinaryNotFoundError,
  SPAWN_FAILED: errors.SpawnError,
  CONNECTION_CLOSED: errors.ConnectionClosedError,
  DESERIALIZATION: errors.DeserializationError,
  FRAME_TOO_LARGE: errors.FrameTooLargeError,
  CONTROL_REQUEST_FAILED: errors.ControlRequestError,
  TIMEOUT: errors.TimeoutError,
  ABORTED: errors.AbortError,
  WORKER_CRASHED: errors.WorkerCrashedError,
  SESSION_NOT_INITIALIZED: errors.SessionNotInitializedError,
  WRITE_FAILED: errors.WriteError,
  INVALID_ARGUMENT: errors.InvalidArgumentError,
  INVALID_STATE: errors.InvalidStateError,
  SESSION_NOT_FOUND: errors.SessionNotFoundError,
  SESSION_FILE_FAILED: errors.SessionFileError,
} as const;

type FaultCode = keyof typeof REVIVERS;

/** An error on its way between threads. */
export interface Fault {
  readonly code: FaultCode;
  readonly message: string;
  readonly details: Readonly<Record<string, unknown>>;
}

/** What a call across the thread boundary answers: its value, or why there is none. */
export type Answer<T> = { readonly value: T } | { readonly fault: Fault };

/** An error of this package as data; anything else becomes a crash with its stack as evidence. */
export function toFault(error: unknown): Fault {
  if (errors.isClaudeError(error) && error.code in REVIVERS) {
    const { code, ...details } = error as ClaudeError & Record<string, unknown>;
    return { code: code as FaultCode, message: error.message, details };
  }
  const text = error instanceof Error ? (error.stack ?? error.message) : inspect(error);
  return { code: "WORKER_CRASHED", message: `Unexpected failure in the worker thread: ${text}`, details: {} };
}

/** The error that a fault stands for. Created here, its stack shows where the caller waited. */
export function fromFault(fault: Fault): ClaudeError {
  const Class = REVIVERS[fault.code] as new (message: string, details: unknown) => ClaudeError;
  return new Class(fault.message, fault.details);
}

/** Runs a call in the worker and turns whatever it throws into data. */
export async function answer<T>(call: () => T | Promise<T>): Promise<Answer<T>> {
  try {
    return { value: await call() };
  } catch (error) {
    return { fault: toFault(error) };
  }
}
