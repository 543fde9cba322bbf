/** Which code answers which call. */

import type { TranscriptCall } from "../../src/channel/transcript-contract.js";
import { annotateSession } from "./annotate-session.js";
import { setArchived } from "./archive-mark.js";
import { deleteSession } from "./delete-session.js";
import { forkSession } from "./fork-session.js";
import type { Handover } from "./handover.js";
import { listSessions } from "./list-sessions.js";
import { handOverMessages } from "./read-messages.js";
import { findSession, requireSession } from "./session-files.js";
import { readSessionInfo } from "./session-info.js";
import { listSubagents } from "./subagents.js";

/** Runs a call: lists go through the handover, the one answer of the others is returned. */
export async function runCall(call: TranscriptCall, handover: Handover): Promise<unknown> {
  switch (call.kind) {
    case "list-sessions":
      return listSessions(call, handover);
    case "messages":
      return handOverMessages(call, handover);
    case "list-subagents":
      return listSubagents(await requireSession(call), handover);
    case "info": {
      const found = await findSession(call);
      return found === undefined ? undefined : readSessionInfo(found);
    }
    case "fork":
      return forkSession(await requireSession(call), call, handover.stopped);
    case "annotate":
      return annotateSession(await requireSession(call), call.note);
    case "archive":
      return setArchived(await requireSession(call), call.archived);
    case "delete":
      return deleteSession(await requireSession(call), call);
  }
}
