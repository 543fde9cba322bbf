/** What all peers have in common: a session with a {@link Flood}, read turn by turn. */

import type { Flood } from "../child/flood.js";
import type { PeerName } from "../scenario.js";

/** A way of reading the child. */
export interface Peer {
  /** Starts the child and waits until it is ready to write. */
  open(flood: Flood, options?: PeerOptions): Promise<PeerSession>;
}

/** What a session may be given beside its child. */
export interface PeerOptions {
  /** Bytes that may wait unread. Only claude-offthread knows such a limit; it has a default. */
  readonly highWaterMark?: number | undefined;
}

/** A running child with its reader. */
export interface PeerSession {
  /** Sends a prompt, and gives whatever arrives to `sink`, up to and including the turn's result. */
  turn(sink: TurnSink): Promise<void>;
  /** The same at the consumer's pace: a message is asked for when `consume` is done with the one before. */
  pacedTurn(consume: (message: unknown) => Promise<void>): Promise<void>;
  /** Ends the child. */
  close(): Promise<void>;
}

/** Takes what arrives. A peer that parses gives messages; the one that does not gives bytes. */
export interface TurnSink {
  message(message: unknown): void;
  bytes(chunk: Uint8Array): void;
}

/** The line that makes the child write. */
export const PROMPT_LINE = `${JSON.stringify({
  type: "user",
  message: { role: "user", content: "go" },
  parent_tool_use_id: null,
  session_id: "",
})}\n`;

/** Loads a peer, and with it the library that it stands for: only the one that is measured. */
export async function loadPeer(name: PeerName): Promise<Peer> {
  switch (name) {
    case "offthread":
      return (await import("./offthread.js")).offthread;
    case "sdk":
      return (await import("./sdk.js")).sdk;
    case "readline":
      return (await import("./readline.js")).readline;
    case "drain":
      return (await import("./drain.js")).drain;
  }
}

/** True for the frame that ends a turn. */
export function endsTurn(message: unknown): boolean {
  return typeof message === "object" && message !== null && "type" in message && message.type === "result";
}
