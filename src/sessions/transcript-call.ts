/** Main's end of a call to the thread that reads transcripts: a stream that is pulled, or one answer. */

import { onAbort } from "../abort-signal.js";
import { fromFault } from "../channel/fault.js";
import { installLeaves } from "../channel/lazy-leaf.js";
import type { TranscriptCall, TranscriptCommand, TranscriptNotice } from "../channel/transcript-contract.js";
import { AbortError, type ClaudeError } from "../errors.js";
import { type RunningCall, startTranscriptCall } from "../pool/transcript-thread.js";

/** What bounds a call, and who hears of lines that it has left out. */
export interface CallBounds {
  /** Names the call in errors. */
  readonly what: string;
  readonly signal?: AbortSignal | undefined;
  readonly onFault?: ((fault: ClaudeError) => void) | undefined;
}

/** Makes a call that has one answer. */
export async function askTranscripts<T>(call: TranscriptCall, bounds: CallBounds): Promise<T> {
  const items = streamTranscripts<never>(call, bounds);
  const { value } = await items.next();
  return value as T;
}

/** Makes a call that answers with a list. Nothing is done before the first item is asked for. */
export function streamTranscripts<T>(
  call: TranscriptCall,
  bounds: CallBounds,
): AsyncGenerator<T, unknown, void> {
  const lease: Lease = { close: () => {} };
  const items = pull<T>(call, bounds, lease);
  neverFinished.register(items, lease);
  return items;
}

/** Ends the call of a stream that was dropped half-read. */
interface Lease {
  close: () => void;
}

const neverFinished = new FinalizationRegistry<Lease>((lease) => lease.close());

async function* pull<T>(
  call: TranscriptCall,
  { what, signal, onFault }: CallBounds,
  lease: Lease,
): AsyncGenerator<T, unknown, void> {
  const aborted = (): AbortError =>
    new AbortError(`${what} was aborted by its signal.`, { cause: signal?.reason });
  if (signal?.aborted === true) throw aborted();
  const running = startTranscriptCall(call);
  lease.close = running.done;
  const mailbox = new Mailbox(running);
  const forgetSignal = signal === undefined ? undefined : onAbort(signal, () => mailbox.fail(aborted()));
  try {
    for (;;) {
      const notice = await mailbox.next();
      if (notice.kind === "end") {
        if ("fault" in notice.answer) throw fromFault(notice.answer.fault);
        return notice.answer.value;
      }
      for (const fault of notice.faults) onFault?.(fromFault(fault));
      yield* openBatch<T>(notice);
      mailbox.post({ kind: "taken" });
    }
  } finally {
    lease.close = () => {};
    forgetSignal?.();
    mailbox.post({ kind: "stop" });
    running.done();
  }
}

/** The items of a batch, each let go of as it is taken. */
function* openBatch<T>({ text, large }: TranscriptNotice & { kind: "batch" }): Generator<T, void> {
  const items = JSON.parse(text) as (T | undefined)[];
  const frames = new Map(large.map((frame) => [frame.index, frame]));
  for (let index = 0; index < items.length; index++) {
    const item = items[index] as T;
    items[index] = undefined;
    const frame = frames.get(index);
    frames.delete(index);
    if (frame !== undefined) installLeaves(item as object, frame);
    yield item;
  }
}

/** What the thread has sent; it keeps the process alive only while somebody waits for it. */
class Mailbox {
  readonly #port: RunningCall["port"];
  readonly #notices: TranscriptNotice[] = [];
  #error: ClaudeError | undefined;
  #wake: () => void = () => {};

  constructor({ port, crashed }: RunningCall) {
    this.#port = port;
    port.on("message", (notice: TranscriptNotice) => {
      this.#notices.push(notice);
      this.#wake();
    });
    port.unref();
    void crashed.then((error) => this.fail(error));
  }

  /** @throws why nothing will come any more. */
  async next(): Promise<TranscriptNotice> {
    for (;;) {
      if (this.#error !== undefined) throw this.#error;
      const notice = this.#notices.shift();
      if (notice !== undefined) return notice;
      this.#port.ref();
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
      this.#port.unref();
    }
  }

  post(command: TranscriptCommand): void {
    this.#port.postMessage(command);
  }

  fail(error: ClaudeError): void {
    this.#error ??= error;
    this.#wake();
  }
}
