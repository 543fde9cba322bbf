import type { TranscriptCall } from "../../src/channel/transcript-contract.js";
import { type Handover, throwIfStopped } from "./handover.js";
import { projectFolders } from "./project-folders.js";
import { inParts, type SessionFile, sessionFiles } from "./session-files.js";
import { readListed } from "./session-info.js";

/** How many transcripts are looked into at a time. */
const AT_A_TIME = 16;

/** Hands the sessions over, the one last written to first. */
export async function listSessions(
  { place, page, worktrees, programmatic }: TranscriptCall & { readonly kind: "list-sessions" },
  handover: Handover,
): Promise<void> {
  const folders = await projectFolders(place, worktrees);
  const files = latestOfEach((await inParts(folders, sessionFiles)).flat());
  let toSkip = page.offset;
  let toGive = page.limit;
  for (let from = 0; from < files.length && toGive > 0; from += AT_A_TIME) {
    throwIfStopped(handover.stopped);
    const part = files.slice(from, from + AT_A_TIME);
    // One that may not be read is left out; the list is about the others.
    const read = await inParts(part, (file) => readListed(file).catch(() => undefined));
    for (const listed of read) {
      if (!programmatic && listed.programmatic) continue;
      if (toSkip > 0) toSkip -= 1;
      else if (toGive > 0) {
        toGive -= 1;
        await handover.add(listed.info);
      }
    }
    await handover.flush();
  }
}

/** Each session once, in order of the last change; a session can be in the folders of several projects. */
function latestOfEach(files: readonly SessionFile[]): SessionFile[] {
  const latest = new Map<string, SessionFile>();
  for (const file of files) {
    const known = latest.get(file.sessionId);
    if (known === undefined || file.modifiedMs > known.modifiedMs) latest.set(file.sessionId, file);
  }
  return [...latest.values()].sort((a, b) => b.modifiedMs - a.modifiedMs);
}
