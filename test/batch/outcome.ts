import type { BatchOutcome } from "../../src/batch/batch-outcome.js";
import { recordLine } from "../../src/batch/record.js";
import { Ticket } from "../../src/batch/ticket.js";

/** A line of results for an id, as the command writes it. */
export function line(id: string, status: "succeeded" | "failed" = "succeeded", text = "an answer"): string {
  return recordLine(outcome(id, status, text), Ticket.of(outcome(id, status, text)), false);
}

/** An outcome of a prompt with a ticket. */
export function outcome(id: string, status: BatchOutcome["status"], text = "an answer"): BatchOutcome {
  const { metadata } = Ticket.put({ line: 1, prompt: { id, prompt: id } }, DIGEST);
  const timings = { queuedMs: 1, runMs: 2 };
  return { id: "0", index: 0, status, text, costUsd: 0, attempts: 1, timings, metadata };
}

/** Of every outcome made here. */
export const DIGEST = "0123456789abcdef";
