import { type Peer, PROMPT_LINE, type TurnSink } from "./peer.js";
import { startRawChild } from "./raw-child.js";

/** The floor: bytes are read and counted, and never looked at. The turn's end is known by its length. */
export const drain: Peer = {
  async open(flood) {
    const child = await startRawChild(flood);
    const { bytes } = await flood.manifest();
    let left = 0;
    let current: { readonly sink: TurnSink; resolve(): void; reject(error: Error): void } | undefined;
    child.stdout.on("data", (chunk: Buffer) => {
      left -= chunk.length;
      current?.sink.bytes(chunk);
      if (left === 0) current?.resolve();
    });
    child.stdout.once("close", () =>
      current?.reject(new Error("The child's stdout ended in the middle of a turn.")),
    );
    return {
      turn(sink) {
        return new Promise((resolve, reject) => {
          left = bytes;
          current = { sink, resolve, reject };
          child.stdin.write(PROMPT_LINE);
        });
      },
      pacedTurn: () => Promise.reject(new Error("Raw bytes are no messages: there is nothing to pace.")),
      close: () => child.close(),
    };
  },
};
