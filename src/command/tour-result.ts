import { errorsOf, isErrorResult, type ResponseStream } from "../index.js";

/** Reads a turn to its end; an error result ends the tour, since what follows would show nothing. */
export async function endTurn(stream: ResponseStream): Promise<void> {
  const result = await stream.result();
  if (!isErrorResult(result)) return;
  const why = errorsOf(result).join("; ");
  throw new Error(`The CLI ended the turn with ${result.subtype}: ${why}. Is this version of it supported?`);
}
