/** Hands the messages of a conversation over, in two readings of its transcript: links first, then what is shown. */

import type { SessionMessage } from "../../src/channel/session-records.js";
import type { TranscriptCall } from "../../src/channel/transcript-contract.js";
import { Conversation } from "./conversation.js";
import { type Entry, parseLine } from "./entries.js";
import { onFile } from "./file-failure.js";
import type { Handover } from "./handover.js";
import { type Link, linkOf } from "./links.js";
import { requireSession, vanished } from "./session-files.js";
import { requireSubagent, type SubagentFile } from "./subagents.js";
import { Transcript } from "./transcript.js";

/** Runs the call. */
export async function handOverMessages(
  call: TranscriptCall & { readonly kind: "messages" },
  handover: Handover,
): Promise<void> {
  const session = await requireSession(call);
  const subagent = call.agentId === undefined ? undefined : await requireSubagent(session, call.agentId);
  const file = subagent?.transcript ?? session.transcript;
  const opened = Transcript.open(file, call.longestLine, handover.stopped).catch((error: unknown) => {
    throw vanished(session, error);
  });
  const transcript = await onFile(file, opened);
  try {
    const shown = await readLinks(transcript, subagent !== undefined, call.system, handover);
    const { offset, limit } = call.page;
    for (const link of shown.slice(offset, offset + limit)) {
      const [read] = parseLine(await transcript.bytes(link.start, link.length)).entries;
      // A file that was cut off or overwritten meanwhile.
      if (read?.entry.uuid !== link.uuid) break;
      await handover.add(messageOf(link, read.entry, subagent));
    }
  } finally {
    await transcript.close();
  }
}

async function readLinks(
  transcript: Transcript,
  subagent: boolean,
  system: boolean,
  handover: Handover,
): Promise<Link[]> {
  const conversation = new Conversation(subagent);
  let order = 0;
  for await (const lines of transcript.lines({ linked: true })) {
    for (const line of lines) {
      if ("fault" in line) {
        await handover.fault(line.fault);
        continue;
      }
      for (const { entry, start, end } of line.entries) {
        const link = linkOf(entry, { start: line.start + start, length: end - start, order: order++ });
        if (link !== undefined) conversation.add(link);
      }
    }
  }
  return conversation.messages(system);
}

function messageOf(link: Link, entry: Entry, subagent: SubagentFile | undefined): SessionMessage {
  const type = link.kind === "user" || link.kind === "assistant" ? link.kind : "system";
  return {
    type,
    uuid: link.uuid,
    session_id: typeof entry.sessionId === "string" ? entry.sessionId : "",
    ...(entry.message !== undefined && { message: entry.message }),
    parent_tool_use_id: subagent?.info.toolUseId ?? null,
    parent_agent_id: subagent?.info.parentAgentId ?? null,
    ...(entry.isCompactSummary === true && { isCompactSummary: true, is_meta: true }),
    ...(typeof entry.timestamp === "string" && { timestamp: entry.timestamp }),
    ...(entry.origin !== undefined && { origin: entry.origin }),
    ...(type === "system" && systemFields(entry)),
  };
}

function systemFields(entry: Entry): Partial<SessionMessage> {
  return {
    ...(typeof entry.subtype === "string" && { subtype: entry.subtype }),
    ...(entry.content !== undefined && { content: entry.content }),
  };
}
