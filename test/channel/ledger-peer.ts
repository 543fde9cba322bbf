/** The main thread's side of a ledger, played by a worker thread: reads batches as an inbox does. */

import { type MessagePort, receiveMessageOnPort, workerData } from "node:worker_threads";
import { SessionLedger } from "../../src/channel/session-ledger.js";

/** What a batch is to this test. */
export interface Parcel {
  readonly number: number;
  readonly weight: number;
  readonly last: boolean;
}

/** What the two sides tell each other beside the data. */
export type PeerNotice = { readonly kind: "ring" } | { readonly kind: "credit" } | PeerReport;

/** Told after the last parcel. */
export interface PeerReport {
  readonly kind: "report";
  readonly received: number;
  readonly inOrder: boolean;
}

/** What {@link Parcel}s are read from. */
export interface PeerData {
  readonly ledger: SharedArrayBuffer;
  readonly data: MessagePort;
  readonly notice: MessagePort;
}

const { ledger: memory, data, notice } = workerData as PeerData;
const ledger = new SessionLedger(memory);
let received = 0;
let inOrder = true;

/** Reads all there is, and goes to sleep. */
function read(): void {
  for (;;) {
    while (take());
    ledger.fallAsleep();
    if (!take()) return;
  }
}

function take(): boolean {
  const found = receiveMessageOnPort(data) as { message: Parcel } | undefined;
  if (found === undefined) return false;
  const parcel = found.message;
  inOrder &&= parcel.number === received;
  received += 1;
  if (ledger.consumed(parcel.weight)) tell({ kind: "credit" });
  if (parcel.last) {
    tell({ kind: "report", received, inOrder });
    notice.close();
    data.close();
    return false;
  }
  return true;
}

function tell(what: PeerNotice): void {
  notice.postMessage(what);
}

notice.on("message", read);
read();
