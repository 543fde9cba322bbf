import { AsyncClient } from "claude-offthread";
import type { Peer } from "./peer.js";

/** claude-offthread, as its users drive it: `queryStream()`, with default options if none are given. */
export const offthread: Peer = {
  async open({ command, args, env }, { highWaterMark } = {}) {
    const client = await AsyncClient.spawn(
      { command, args, env },
      highWaterMark === undefined ? {} : { highWaterMark },
    );
    // Answered once the child has made its frames.
    await client.enableToolApproval();
    return {
      async turn(sink) {
        for await (const message of await client.queryStream("go")) sink.message(message);
      },
      async pacedTurn(consume) {
        for await (const message of await client.queryStream("go")) await consume(message);
      },
      async close() {
        await client.shutdown();
      },
    };
  },
};
