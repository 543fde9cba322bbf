import { AsyncClient } from "../../../src/index.js";
import { launches, tell } from "./stage.js";

/** Clients that live as long as a block; the second block is left by an error. */
for (const fails of [false, true]) {
  try {
    for (const launch of launches) {
      await using client = await AsyncClient.spawn(launch);
      const messages = await client.query("hello");
      tell("inside", { alive: client.isAlive(), last: messages.at(-1)?.type });
      if (fails) throw new Error("leaves the block");
    }
  } catch (error) {
    tell("caught", { message: error instanceof Error ? error.message : String(error) });
  }
}
tell("done");
