import { isRecord } from "./cli-input.js";
import type { CliOutput } from "./cli-output.js";
import { type CliTurn, TurnInterrupted } from "./cli-turn.js";

/** The host's answer to a control request: the payload of a `success`, or the text of an `error`. */
export type HostAnswer =
  | { readonly ok: true; readonly response: unknown }
  | { readonly ok: false; readonly error: string };

/** Control requests that the stand-in sends to its host. */
export class HostRequests {
  readonly #output: CliOutput;
  readonly #waiting = new Map<string, (answer: HostAnswer) => void>();

  constructor(output: CliOutput) {
    this.#output = output;
  }

  /**
   * Sends a request and waits for its answer. An interrupt withdraws it, as the real CLI does.
   * @throws TurnInterrupted when the turn is interrupted meanwhile
   */
  ask(
    subtype: string,
    fields: Readonly<Record<string, unknown>>,
    turn: CliTurn | undefined,
  ): Promise<HostAnswer> {
    const requestId = crypto.randomUUID();
    return new Promise((resolve, reject) => {
      const withdraw = () => {
        this.#waiting.delete(requestId);
        void this.#output.line(JSON.stringify({ type: "control_cancel_request", request_id: requestId }));
        reject(new TurnInterrupted());
      };
      turn?.signal.addEventListener("abort", withdraw, { once: true });
      this.#waiting.set(requestId, (answer) => {
        this.#waiting.delete(requestId);
        turn?.signal.removeEventListener("abort", withdraw);
        resolve(answer);
      });
      const request = { subtype, ...fields };
      void this.#output.line(JSON.stringify({ type: "control_request", request_id: requestId, request }));
    });
  }

  /** Takes a `control_response` of the host; one that nobody waits for is ignored. */
  settle(envelope: unknown): void {
    if (!isRecord(envelope) || typeof envelope.request_id !== "string") return;
    this.#waiting.get(envelope.request_id)?.(
      envelope.subtype === "success"
        ? { ok: true, response: envelope.response }
        : { ok: false, error: String(envelope.error) },
    );
  }

  /** stdin has ended: no answer can come any more. */
  abandon(): void {
    for (const answer of [...this.#waiting.values()])
      answer({ ok: false, error: "the host has closed stdin" });
  }
}
