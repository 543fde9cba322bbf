import { openClients } from "./stage.js";

// Without a client it is this that keeps the host alive, so that both can be compared.
setInterval(() => {}, 60_000);
await openClients();
