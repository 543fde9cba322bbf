import { AsyncClient } from "../../src/index.js";
import type { Peer } from "./peer.js";

/** claude-offthread, as its users drive it: `queryStream()` with default options. */
export const offthread: Peer = {
  async open({ command, args, env }) {
    const client = await AsyncClient.spawn({ command, args, env });
    // Answered once the child has made its frames.
    await client.enableToolApproval();
    return {
      async turn(sink) {
        for await (const message of await client.queryStream("go")) sink.message(message);
      },
      async close() {
        await client.shutdown();
      },
    };
  },
};
