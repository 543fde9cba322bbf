import { createInterface } from "node:readline";
import { endsTurn, type Peer, PROMPT_LINE, type TurnSink } from "./peer.js";
import { startRawChild } from "./raw-child.js";

/**
 * What one writes by hand: node:readline and JSON.parse on the caller's thread. Lines by event where speed is
 * asked for: its async iterator costs more, but is what a slow consumer would use.
 */
export const readline: Peer = {
  async open(flood) {
    const child = await startRawChild(flood);
    let current: { readonly sink: TurnSink; resolve(): void; reject(error: unknown): void } | undefined;
    const lines = createInterface({ input: child.stdout, crlfDelay: Number.POSITIVE_INFINITY });
    lines.on("line", (line) => {
      if (current === undefined) return;
      try {
        const message: unknown = JSON.parse(line);
        current.sink.message(message);
        if (endsTurn(message)) current.resolve();
      } catch (error) {
        current.reject(error);
      }
    });
    lines.once("close", () =>
      current?.reject(new Error("The child's stdout ended in the middle of a turn.")),
    );
    return {
      turn(sink) {
        return new Promise((resolve, reject) => {
          current = { sink, resolve, reject };
          child.stdin.write(PROMPT_LINE);
        });
      },
      async pacedTurn(consume) {
        const paced = lines[Symbol.asyncIterator]();
        child.stdin.write(PROMPT_LINE);
        for (;;) {
          const { done, value } = await paced.next();
          if (done === true) throw new Error("The child's stdout ended in the middle of a turn.");
          const message: unknown = JSON.parse(value);
          await consume(message);
          if (endsTurn(message)) return;
        }
      },
      close: () => child.close(),
    };
  },
};
