import { AsyncClient } from "../../../src/index.js";
import { args, launches, tell } from "./stage.js";

/** Starts much and finishes nothing: the children end by themselves in the middle of it all. */
const bounds = args.includes("timeouts") ? { timeoutMs: 60_000 } : {};
for (const launch of launches) {
  const client = await AsyncClient.spawn(launch, { onToolApproval: () => new Promise(() => {}) });
  const turn = await client.queryStream("go to work", bounds);
  await turn.next();
  client.takeStderr();
  const told = (call: string) => (error: { code?: string }) => tell("rejected", { call, code: error.code });
  client.queryStream("the next", bounds).catch(told("queryStream"));
  client.receive(bounds).catch(told("receive"));
}
