/** The program of the thread that hosts the tour's model: it must go on answering while the main thread is blocked. */

import { parentPort } from "node:worker_threads";
import { startScriptedModel } from "../testing/index.js";
import { tourScript } from "./tour-script.js";

const { url } = await startScriptedModel(tourScript());
parentPort?.postMessage(url);
