import type { BatchOutcome } from "./batch-outcome.js";
import type { BatchPrompt } from "./batch-prompt.js";
import type { Row } from "./rows/row.js";

/**
 * What a prompt of a file is recorded under. It travels as the prompt's metadata, and the prompt without its id:
 * `runBatch` keeps the ids that it is given, which for ten million prompts would be a gigabyte.
 */
export class Ticket {
  readonly id: string;
  /** See `promptDigest`. */
  readonly digest: string;
  /** The prompt's own. */
  readonly metadata: unknown;

  private constructor(id: string, digest: string, metadata: unknown) {
    this.id = id;
    this.digest = digest;
    this.metadata = metadata;
  }

  /** The row's prompt with a ticket. */
  static put({ prompt }: Row, digest: string): BatchPrompt {
    const { id, metadata, ...rest } = prompt;
    return { ...rest, metadata: new Ticket(id, digest, metadata) };
  }

  /** The ticket of a prompt that has ended. */
  static of({ metadata, index }: BatchOutcome): Ticket {
    if (metadata instanceof Ticket) return metadata;
    throw new TypeError(`The outcome ${index} is of a prompt without a ticket.`);
  }
}
