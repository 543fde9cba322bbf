import { setTimeout as sleep } from "node:timers/promises";
import { AsyncClient } from "../../../src/index.js";
import { args, launches } from "./stage.js";

/** Ends some time after it has begun to open its clients. */
for (const launch of launches) AsyncClient.spawn(launch).catch(() => {});
await sleep(Number(args[0]));
process.exit(7);
