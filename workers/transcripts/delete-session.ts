import { rm } from "node:fs/promises";
import type { SessionTarget } from "../../src/channel/transcript-contract.js";
import { InvalidStateError } from "../../src/errors.js";
import { onFile } from "./file-failure.js";
import { holderOf } from "./live-sessions.js";
import type { SessionFile } from "./session-files.js";

/** Removes a session's transcript and its folder. @throws InvalidStateError when a CLI has it open. */
export async function deleteSession(
  { transcript, folder, sessionId }: SessionFile,
  { place, force }: SessionTarget & { readonly force: boolean },
): Promise<void> {
  const pid = force ? undefined : await holderOf(place.configDir, sessionId);
  if (pid !== undefined) {
    throw new InvalidStateError(
      `Session ${sessionId} is open in the CLI with process id ${pid}. Close it first, or delete with force.`,
    );
  }
  // The folder first: a session that could not be removed whole can then still be found, and removed again.
  await onFile(folder, rm(folder, { recursive: true, force: true, maxRetries: 2 }));
  await onFile(transcript, rm(transcript, { force: true }));
}
