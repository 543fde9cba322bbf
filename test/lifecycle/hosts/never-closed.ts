import { openClients, tell } from "./stage.js";

/** Opens its clients and forgets them: it is they who keep it alive, and only as long as their children live. */
process.once("beforeExit", () => tell("out of work"));
await openClients();
