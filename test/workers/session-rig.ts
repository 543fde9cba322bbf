import { MessageChannel, type MessagePort, receiveMessageOnPort } from "node:worker_threads";
import { type Remote, releaseProxy, wrap } from "comlink";
import type { SessionControl, SessionTask, WorkerNotice } from "../../src/channel/control-contract.js";
import type { FrameBatch } from "../../src/channel/envelope.js";
import { SessionLedger } from "../../src/channel/session-ledger.js";
import { type InboxEntry, openBatch } from "../../src/client/inbox-entries.js";
import type { ExitStatus } from "../../src/errors.js";
import { DEFAULT_LIMITS, type Limits } from "../../src/options.js";
import { Session } from "../../workers/session-loop.js";
import type { Transport, TransportSink } from "../../workers/transport.js";

/** A child that does what the test says. */
export class FakeChild implements Transport {
  readonly pid = undefined;
  readonly written: string[] = [];
  readonly pauses: boolean[] = [];
  stdinEnded = false;
  #sink: TransportSink | undefined;

  start(sink: TransportSink): void {
    this.#sink = sink;
  }

  async write(line: string): Promise<void> {
    this.written.push(line);
  }

  pause(paused: boolean): void {
    this.pauses.push(paused);
  }

  endStdin(): void {
    this.stdinEnded = true;
  }

  /** A chunk of its stdout. */
  says(text: string | Buffer): void {
    this.#sink?.stdout(Buffer.from(text));
  }

  complains(text: string): void {
    this.#sink?.stderr(text);
  }

  exits(status: ExitStatus = { exitCode: 0, signal: null }): void {
    this.#sink?.ended(status);
  }
}

/** A task and the main thread's ends of its ports. */
export class TaskRig {
  readonly task: SessionTask;
  readonly ledger = new SessionLedger();
  readonly notices: WorkerNotice[] = [];
  readonly batches: FrameBatch[] = [];
  readonly control: Remote<SessionControl>;
  /** Malformed lines that were found only when they were read. */
  malformed = 0;
  readonly noticePort: MessagePort;
  readonly controlPort: MessagePort;
  readonly #data = new MessageChannel();

  constructor({
    takes = [],
    deliver,
    ...limits
  }: { takes?: readonly string[]; deliver?: readonly string[] } & Partial<Limits> = {}) {
    const control = new MessageChannel();
    const notice = new MessageChannel();
    this.task = {
      child: { spawn: { command: "none", args: [], env: {} } },
      limits: { ...DEFAULT_LIMITS, ...limits },
      ledger: this.ledger.buffer,
      dataPort: this.#data.port2,
      controlPort: control.port2,
      noticePort: notice.port2,
      host: { takes },
      deliver,
    };
    this.noticePort = notice.port1;
    this.controlPort = control.port1;
    this.noticePort.on("message", (what: WorkerNotice) => this.notices.push(what));
    this.control = wrap<SessionControl>(control.port1 as unknown as Parameters<typeof wrap>[0]);
  }

  /** All that lies in the data port, opened as an inbox does. */
  read(): InboxEntry[] {
    const entries: InboxEntry[] = [];
    for (;;) {
      const found = receiveMessageOnPort(this.#data.port1) as { message: FrameBatch } | undefined;
      if (found === undefined) return entries;
      this.batches.push(found.message);
      const onMalformed = (): void => {
        this.malformed += 1;
      };
      entries.push(...openBatch(found.message, onMalformed));
      if (this.ledger.consumed(found.message.weight)) this.noticePort.postMessage({ kind: "credit" });
    }
  }

  close(): void {
    this.control[releaseProxy]();
    for (const port of [this.#data.port1, this.controlPort, this.noticePort]) port.close();
  }
}

/** A session that runs on a fake child. */
export class SessionRig extends TaskRig {
  readonly child = new FakeChild();
  readonly ended: ReturnType<Session["run"]>;

  constructor(options?: ConstructorParameters<typeof TaskRig>[0]) {
    super(options);
    this.ended = new Session(this.task, this.ledger, this.child).run();
  }
}

/** Runs with a session and ends it. */
export async function withSession(
  options: ConstructorParameters<typeof SessionRig>[0],
  run: (rig: SessionRig) => Promise<void>,
): Promise<void> {
  const rig = new SessionRig(options);
  try {
    await run(rig);
  } finally {
    rig.child.exits();
    await rig.ended;
    rig.close();
  }
}
