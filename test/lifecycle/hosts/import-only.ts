import "../../../src/index.js";
import "../../../src/testing/index.js";
import { tell } from "./stage.js";

tell("done");
