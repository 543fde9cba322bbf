/** Joins the rooms of the worker: transport, splitter, decoder, outbox and controller. */

import { expose } from "comlink";
import type {
  MainNotice,
  SessionControl,
  SessionTask,
  WorkerNotice,
} from "../src/channel/control-contract.js";
import { deliveryTest } from "../src/channel/delivery.js";
import type { FrameBatch } from "../src/channel/envelope.js";
import { type Answer, toFault } from "../src/channel/fault.js";
import { closedError, type SessionEnd } from "../src/channel/session-end.js";
import type { SessionLedger } from "../src/channel/session-ledger.js";
import {
  type DecodedFrame,
  decodeLine,
  decodeShortLine,
  isBlank,
  LARGE_FRAME_BYTES,
} from "../src/codec/frame-decoder.js";
import { malformedLine } from "../src/codec/malformed-line.js";
import { mayStayUnchecked } from "../src/codec/unchecked-lines.js";
import { type ExitStatus, FrameTooLargeError } from "../src/errors.js";
import type { ShutdownOptions } from "../src/options.js";
import { utf8Text } from "../src/utf8-text.js";
import { closeTree } from "./close-ladder.js";
import { Controller } from "./controller.js";
import { type FrameSink, FrameSplitter } from "./frame-splitter.js";
import { IncomingRequests } from "./incoming-requests.js";
import { LineWriter } from "./line-writer.js";
import { largeFrame, Outbox } from "./outbox.js";
import { StderrLog } from "./stderr-log.js";
import { ThreadHandlers } from "./thread-handlers.js";
import type { Transport } from "./transport.js";

/**
 * How long frames that `deliver` has picked may wait for company. Each time the main thread is woken costs it 0.1 ms, and
 * whoever picks wants little to do with most of what is said before a result.
 */
const HOLD_MS = 20;

export class Session {
  readonly #task: SessionTask;
  readonly #ledger: SessionLedger;
  readonly #transport: Transport;
  readonly #stderr = new StderrLog();
  readonly #outbox: Outbox;
  readonly #splitter: FrameSplitter;
  readonly #controller: Controller;
  readonly #delivers: ReturnType<typeof deliveryTest>;
  readonly #ended: Promise<SessionEnd>;
  #end: (end: SessionEnd) => void = () => {};
  #closing: Promise<void> | undefined;
  #silenced = false;
  /** Something has come that nobody should wait for. */
  #urgent = false;
  #held: NodeJS.Timeout | undefined;

  constructor(task: SessionTask, ledger: SessionLedger, transport: Transport) {
    this.#task = task;
    this.#ledger = ledger;
    this.#transport = transport;
    this.#delivers = deliveryTest(task.deliver);
    this.#ended = new Promise((resolve) => {
      this.#end = resolve;
    });
    this.#outbox = new Outbox({
      port: task.dataPort,
      ledger,
      highWaterMark: task.limits.highWaterMark,
      ring: () => this.#notify({ kind: "data" }),
      pause: (paused) => {
        transport.pause(paused);
        this.#notify({ kind: "paused", paused });
      },
    });
    const sink: FrameSink = {
      frame: (bytes) => this.#line(bytes),
      run: (bytes, ends) => this.#run(bytes, ends),
      oversized: (frameBytes, head) => this.#oversized(frameBytes, head),
    };
    this.#splitter = new FrameSplitter(task.limits.maxFrameBytes, sink, LARGE_FRAME_BYTES);
    const handlers = new ThreadHandlers(task, (decision) => this.#notify({ kind: "decision", decision }));
    const closed = this.#ended.then(closedError);
    const writer = new LineWriter({
      timeoutMs: task.limits.requestTimeoutMs,
      write: (line) => transport.write(line),
      closed,
    });
    this.#controller = new Controller({
      pid: transport.pid,
      writer,
      handlers: handlers.ready,
      incoming: new IncomingRequests({
        takes: task.host.takes,
        local: handlers,
        write: (line) => writer.write(line),
        announce: (requestId, frame) => this.#announce(requestId, frame),
        announceCancel: (requestId) => this.#notify({ kind: "request-cancelled", requestId }),
        deliver: (frame) => this.#deliverLate(frame),
      }),
      readStderr: () => this.#stderr.read(),
      beginShutdown: (options) => this.#shutdown(options),
      closed,
    });
  }

  /** Runs until the child is gone and everything it said is posted. */
  async run(): Promise<SessionEnd> {
    const { controlPort, noticePort } = this.#task;
    expose(this.#controller satisfies SessionControl, controlPort);
    noticePort.on("message", (notice: MainNotice) => {
      if (notice.kind === "credit") this.#outbox.credited();
    });
    this.#transport.start({
      stdout: (chunk) => this.#chunk(chunk),
      stderr: (text) => {
        this.#ledger.count("stderrBytes", Buffer.byteLength(text));
        this.#stderr.push(text);
      },
      silenced: () => this.#mute(),
      ended: (status) => this.#childEnded(status),
    });
    const end = await this.#ended;
    await this.#closing;
    releasePorts(this.#task);
    return end;
  }

  #chunk(chunk: Buffer): void {
    this.#ledger.count("bytes", chunk.length);
    this.#splitter.push(chunk);
    if (this.#urgent || this.#task.deliver === undefined) this.#flush();
    else this.#held ??= setTimeout(() => this.#flush(), HOLD_MS);
  }

  #flush(): void {
    clearTimeout(this.#held);
    this.#held = undefined;
    this.#urgent = false;
    this.#outbox.flush();
  }

  /** One decoding for all lines of a run: each by itself would cost as much again as a third of their parsing. */
  #run(bytes: Buffer, ends: readonly number[]): void {
    const text = utf8Text(bytes);
    // What picks messages has to look into them.
    if (this.#task.deliver === undefined && mayStayUnchecked(bytes, ends)) {
      this.#ledger.count("frames", ends.length);
      this.#outbox.addLines(text, ends.length, bytes.length);
      return;
    }
    // Of as many characters as bytes: then the lines are where they are in the bytes.
    const lines = text.length === bytes.length ? undefined : text.split("\n");
    let frames = 0;
    let start = 0;
    for (let index = 0; index < ends.length; index++) {
      const end = ends[index] ?? start;
      const frame = decodeShortLine(lines?.[index] ?? text.slice(start, end), end - start);
      if (frame === undefined) this.#line(bytes.subarray(start, end));
      else {
        frames += 1;
        this.#frame(frame);
      }
      start = end + 1;
    }
    this.#ledger.count("frames", frames);
  }

  #line(bytes: Buffer): void {
    if (isBlank(bytes)) return;
    this.#ledger.count("frames");
    const line = decodeLine(bytes, this.#task.limits.lazy);
    if ("problem" in line) {
      this.#ledger.count("malformed");
      this.#outbox.refuse(toFault(malformedLine(utf8Text(bytes), line.problem)), bytes.length);
      return;
    }
    for (const frame of line.frames) this.#frame(frame);
  }

  #frame(frame: DecodedFrame): void {
    if (this.#controller.take(frame)) return;
    if (frame.route !== "message" || this.#delivers(frame.value)) this.#deliver(frame);
    else this.#ledger.count("undelivered");
  }

  #deliver(frame: DecodedFrame): void {
    this.#urgent ||= frame.route !== "message" || frame.value.type === "result";
    this.#outbox.add(frame);
  }

  /** Long after its line was read: nothing else may come that would flush it. */
  #deliverLate(frame: DecodedFrame): void {
    this.#deliver(frame);
    this.#flush();
  }

  #oversized(frameBytes: number, head: string): void {
    this.#ledger.count("oversized");
    const { maxFrameBytes } = this.#task.limits;
    const message = `Skipped a frame of ${frameBytes} bytes: maxFrameBytes is ${maxFrameBytes}. Raise it to receive such frames.`;
    this.#outbox.refuse(
      toFault(new FrameTooLargeError(message, { frameBytes, maxFrameBytes, head })),
      head.length,
    );
  }

  #announce(requestId: string, frame: DecodedFrame): void {
    const large = frame.large === undefined ? [] : [largeFrame(0, frame.large)];
    const batch: FrameBatch = { text: `[${frame.text}]`, weight: 0, large, refused: [] };
    this.#notify(
      { kind: "request", requestId, batch },
      large.map(({ bytes }) => bytes),
    );
  }

  #shutdown(options: Required<ShutdownOptions>): void {
    this.#outbox.discard();
    this.#close(options);
  }

  /** Nobody can wait for such a child: whatever is asked of it would stay without an answer. */
  #mute(): void {
    this.#silenced = this.#closing === undefined;
    this.#close(this.#task.limits.shutdown);
  }

  #close(options: Required<ShutdownOptions>): void {
    this.#closing ??= closeTree(this.#transport, this.#ended, options);
  }

  #childEnded(status: ExitStatus): void {
    clearTimeout(this.#held);
    this.#ledger.exited();
    this.#splitter.end();
    this.#stderr.end();
    const { tail: stderrTail, unread: stderrUnread } = this.#stderr;
    const end = { ...status, stderrTail, stderrUnread, ...(this.#silenced && { silenced: true as const }) };
    this.#outbox.end(end);
    this.#end(end);
  }

  #notify(notice: WorkerNotice, transfer: ArrayBuffer[] = []): void {
    this.#task.noticePort.postMessage(notice, transfer);
  }
}

/** Answers `opened` with the reason for which there is no child, and ends the task. */
export async function failSession(task: SessionTask, failure: unknown): Promise<SessionEnd> {
  const refused: Answer<never> = { fault: toFault(failure) };
  await new Promise<void>((resolve) => {
    const opened = async (): Promise<Answer<never>> => {
      // The answer is posted after this function has returned it.
      setImmediate(resolve);
      return refused;
    };
    expose({ opened }, task.controlPort);
  });
  releasePorts(task);
  return { exitCode: null, signal: null, stderrTail: "", stderrUnread: "" };
}

function releasePorts({ dataPort, controlPort, noticePort }: SessionTask): void {
  for (const port of [dataPort, controlPort, noticePort]) port.close();
}
