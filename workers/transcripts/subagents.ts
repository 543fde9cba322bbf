/** The transcripts of a session's subagents: `<session>/subagents/agent-<id>.jsonl`, or in a folder below. */

import { readdir, readFile, stat } from "node:fs/promises";
import { basename, join } from "node:path";
import type { SubagentInfo } from "../../src/channel/session-records.js";
import { SessionNotFoundError } from "../../src/errors.js";
import { type Entry, isObject, textField } from "./entries.js";
import { unlessMissing } from "./file-failure.js";
import type { Handover } from "./handover.js";
import type { SessionFile } from "./session-files.js";

/** A subagent and its file. */
export interface SubagentFile {
  readonly transcript: string;
  readonly info: SubagentInfo;
}

const SUBAGENT_FILE = /^agent-([\w-]+)\.jsonl$/;
/** Far deeper than the CLI nests folders; ends circles of links. */
const DEEPEST = 8;

/** Hands them over. */
export async function listSubagents(session: SessionFile, handover: Handover): Promise<void> {
  const files = await transcriptsBelow(join(session.folder, "subagents"), DEEPEST);
  files.sort((a, b) => (a.agentId < b.agentId ? -1 : 1));
  for (const { agentId, file } of files) {
    const subagent = await readSubagent(agentId, file);
    if (subagent !== undefined) await handover.add(subagent.info);
    await handover.flush();
  }
}

/** @throws SessionNotFoundError when the session has no such subagent. */
export async function requireSubagent(session: SessionFile, agentId: string): Promise<SubagentFile> {
  const files = await transcriptsBelow(join(session.folder, "subagents"), DEEPEST);
  const found = files.find((one) => one.agentId === agentId);
  const subagent = found && (await readSubagent(agentId, found.file));
  if (subagent !== undefined) return subagent;
  const { sessionId } = session;
  const message = `Session ${sessionId} has no subagent ${agentId}. See listSubagents().`;
  throw new SessionNotFoundError(message, { sessionId });
}

async function transcriptsBelow(folder: string, depth: number): Promise<{ agentId: string; file: string }[]> {
  const entries = (await unlessMissing(folder, readdir(folder, { withFileTypes: true }))) ?? [];
  const found: { agentId: string; file: string }[] = [];
  for (const entry of entries) {
    const path = join(folder, entry.name);
    const agentId = SUBAGENT_FILE.exec(entry.name)?.[1];
    if (entry.isDirectory() && depth > 0) found.push(...(await transcriptsBelow(path, depth - 1)));
    else if (agentId !== undefined && !entry.isDirectory()) found.push({ agentId, file: path });
  }
  return found;
}

async function readSubagent(agentId: string, transcript: string): Promise<SubagentFile | undefined> {
  const state = await unlessMissing(transcript, stat(transcript));
  if (state === undefined || !state.isFile()) return undefined;
  const meta = await readMeta(join(transcript, "..", `${basename(transcript, ".jsonl")}.meta.json`));
  const info: SubagentInfo = {
    agentId,
    ...text(meta, "agentType"),
    ...text(meta, "description"),
    ...text(meta, "toolUseId"),
    ...text(meta, "parentAgentId"),
    lastModified: state.mtime.getTime(),
    fileSize: state.size,
  };
  return { transcript, info };
}

function text<Name extends string>(meta: Entry, name: Name): { [name in Name]?: string } {
  const value = textField(meta, name);
  return (value === undefined ? {} : { [name]: value }) as { [name in Name]?: string };
}

/** What the CLI notes beside a transcript; nothing when it cannot be read. */
async function readMeta(file: string): Promise<Entry> {
  try {
    const meta: unknown = JSON.parse(await readFile(file, "utf8"));
    return isObject(meta) ? meta : {};
  } catch {
    return {};
  }
}
