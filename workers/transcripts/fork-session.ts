/** Copies a session under a new id, in two readings of its transcript: what there is, then what is copied. */

import { randomUUID } from "node:crypto";
import { type FileHandle, open, rename, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { ClaudeError } from "../../src/errors.js";
import { DeserializationError } from "../../src/errors.js";
import { type Entry, parseLine, textField } from "./entries.js";
import { onFile } from "./file-failure.js";
import { type ForkPlan, type ForkSource, forkedEntry, planFork } from "./fork-plan.js";
import { linkOf } from "./links.js";
import { type SessionFile, vanished } from "./session-files.js";
import { readSessionInfo } from "./session-info.js";
import { Transcript } from "./transcript.js";

const FULL_CHARS = 256 * 1024;
/** State of the session that has no uuid and yet is part of it; the last of each counts. */
const CARRIED: ReadonlySet<unknown> = new Set(["atis-latch", "tools-used"]);

/** What to copy. */
export interface ForkRequest {
  readonly upToMessageId: string | undefined;
  readonly title: string | undefined;
  readonly longestLine: number;
}

/** Forks the session; the fork is written beside its name, and gets the name when it is whole. */
export async function forkSession(
  session: SessionFile,
  { upToMessageId, title, longestLine }: ForkRequest,
  stopped: AbortSignal,
): Promise<{ sessionId: string }> {
  const { transcript: file } = session;
  const opened = Transcript.open(file, longestLine, stopped).catch((error: unknown) => {
    throw vanished(session, error);
  });
  const transcript = await onFile(file, opened);
  try {
    const { sources, carried } = await survey(transcript, session.sessionId);
    const plan = planFork(sources, upToMessageId, session.sessionId);
    const to = randomUUID();
    const info = await readSessionInfo(session);
    const name = title ?? `${info?.customTitle ?? info?.firstPrompt ?? "Session"} (fork)`;
    const lines = [...carried, { type: "custom-title", customTitle: name }];
    const last = lines.map((line) => ({ ...line, sessionId: to }));
    await writeWhole(join(dirname(file), `${to}.jsonl`), async (target) => {
      await copy(transcript, plan, { from: session.sessionId, to }, target);
      await target.writeFile(last.map((line) => `${JSON.stringify(line)}\n`).join(""));
    });
    return { sessionId: to };
  } finally {
    await transcript.close();
  }
}

/** @throws the fault of a line that belongs to the conversation: a fork with a hole in it would be another one. */
async function survey(
  transcript: Transcript,
  sessionId: string,
): Promise<{ sources: ForkSource[]; carried: Entry[] }> {
  const sources: ForkSource[] = [];
  const carried = new Map<unknown, Entry>();
  let fault: ClaudeError | undefined;
  for await (const lines of transcript.lines({ linked: false })) {
    for (const line of lines) {
      if ("fault" in line) {
        fault ??= line.fault;
        continue;
      }
      for (const { entry, start, end } of line.entries) {
        if (CARRIED.has(entry.type) && entry.sessionId === sessionId) carried.set(entry.type, entry);
        const link = linkOf(entry, { start: line.start + start, length: end - start, order: 0 });
        if (link === undefined || link.sidechain || !("parentUuid" in entry)) {
          if (link !== undefined) sources.push({ ...asSource(entry, link), copied: false });
          continue;
        }
        sources.push(asSource(entry, link));
      }
    }
  }
  // A damaged line that nothing hangs on has been no part of the conversation.
  const known = new Set(sources.map(({ uuid }) => uuid));
  const orphan = sources.some(({ parent }) => parent !== undefined && !known.has(parent));
  if (fault !== undefined && orphan) throw fault;
  return { sources, carried: [...carried.values()] };
}

function asSource(entry: Entry, link: NonNullable<ReturnType<typeof linkOf>>): ForkSource {
  const { uuid, parent, start, length } = link;
  return {
    ...{ uuid, parent, start, length },
    copied: entry.type !== "progress",
    boundary: entry.subtype === "compact_boundary",
    summary: entry.isCompactSummary === true,
  };
}

async function copy(
  transcript: Transcript,
  plan: ForkPlan,
  ids: { readonly from: string; readonly to: string },
  target: FileHandle,
): Promise<void> {
  let text = "";
  const last = plan.sources.at(-1);
  for (const source of plan.sources) {
    const [read] = parseLine(await transcript.bytes(source.start, source.length)).entries;
    if (read === undefined || textField(read.entry, "uuid") !== source.uuid) {
      const reason = `the transcript changed while it was copied`;
      throw new DeserializationError(`${transcript.file} cannot be forked: ${reason}.`, {
        rawLine: "",
        reason,
      });
    }
    const entry = forkedEntry(read.entry, source, plan, ids);
    // As the SDK does: what continues goes by the time of the last message.
    const dated = source === last ? { ...entry, timestamp: new Date().toISOString() } : entry;
    text += `${JSON.stringify(dated)}\n`;
    if (text.length < FULL_CHARS) continue;
    await target.writeFile(text);
    text = "";
  }
  await target.writeFile(text);
}

/** Readable by its owner alone, as the CLI's own transcripts. */
async function writeWhole(file: string, write: (target: FileHandle) => Promise<void>): Promise<void> {
  const temporary = `${file}.${randomUUID()}.tmp`;
  const target = await onFile(temporary, open(temporary, "wx", 0o600));
  try {
    try {
      await onFile(temporary, write(target));
    } finally {
      await target.close();
    }
    await onFile(file, rename(temporary, file));
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => {});
    throw error;
  }
}
