import { SessionPool } from "../../../src/index.js";
import { tell } from "./stage.js";

const pool = new SessionPool({ threads: 2 });
tell("done", { ...pool.stats() });
