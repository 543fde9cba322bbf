import type { BatchOutcome } from "./batch-outcome.js";
import type { Ticket } from "./ticket.js";

/** What a line of results must tell to resume from it. */
export interface RecordedPrompt {
  readonly id: string;
  readonly status: "succeeded" | "failed";
  /** See `promptDigest`. */
  readonly digest: string;
}

/** How each line begins; a file that ends in something else is not ours to mend. */
const HEAD = '{"id":';

/**
 * An outcome as a line of results, without its line feed.
 * @param withResult whether the CLI's whole result message is kept as well
 */
export function recordLine(outcome: BatchOutcome, ticket: Ticket, withResult: boolean): string {
  const { status, text, structuredOutput, error, sessionId, usage, costUsd, attempts, timings, result } =
    outcome;
  const { id, digest, metadata } = ticket;
  return JSON.stringify({
    ...{ id, status, digest, text, structuredOutput, error, costUsd, attempts, usage, sessionId },
    timings: { queuedMs: Math.round(timings.queuedMs), runMs: Math.round(timings.runMs) },
    ...{ metadata, endedAt: new Date().toISOString() },
    ...(withResult ? { result } : {}),
  });
}

/** What a line records; undefined when it is no line of results. */
export function parseRecord(line: string): RecordedPrompt | undefined {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return undefined;
  }
  if (typeof value !== "object" || value === null) return undefined;
  if (!("id" in value && "status" in value && "digest" in value)) return undefined;
  const { id, status, digest } = value;
  if (typeof id !== "string" || typeof digest !== "string" || !/^[0-9a-f]{16}$/.test(digest))
    return undefined;
  return status === "succeeded" || status === "failed" ? { id, status, digest } : undefined;
}

/** Whether bytes can be the beginning of a line that was being written when the machine or the process ended. */
export function mayBeTorn(bytes: Buffer): boolean {
  const head = bytes.subarray(0, HEAD.length).toString("latin1");
  // A power failure can leave zeros where data was not written yet.
  return HEAD.startsWith(head) || head.startsWith("\0");
}
