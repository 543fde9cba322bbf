import * as assert from "uvu/assert";
import { InvalidArgumentError } from "../../src/errors.js";

/** Runs what must throw an {@link InvalidArgumentError}, and returns its message. */
export function refusal(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    assert.instance(error, InvalidArgumentError);
    return error instanceof Error ? error.message : "";
  }
  return assert.unreachable("expected a refusal") ?? "";
}
