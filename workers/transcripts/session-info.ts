/**
 * What a list shows of a session. Only the beginning and the end of its transcript are read, as the CLI writes again
 * at the end what a list needs.
 */

import { type FileHandle, open } from "node:fs/promises";
import type { SessionInfo } from "../../src/channel/session-records.js";
import { archiveMark } from "./archive-mark.js";
import { type Entry, parseLine, textField } from "./entries.js";
import { unlessMissing } from "./file-failure.js";
import { FirstPrompt } from "./first-prompt.js";
import type { SessionFile } from "./session-files.js";

const END_BYTES = 64 * 1024;
/** How far the first prompt is looked for when it is not in the first part. */
const FURTHEST_BYTES = 1024 * 1024;

/** Ways in which programs start the CLI. */
const PROGRAMMATIC = /^sdk-/;

/** An entry for the list, and what the list is filtered by. */
export interface ListedSession {
  readonly info: SessionInfo;
  readonly programmatic: boolean;
}

/** The session's entry; undefined when it has vanished, is a side chain, or has nothing to show. */
export async function readSessionInfo(file: SessionFile): Promise<SessionInfo | undefined> {
  return (await readListed(file))?.info;
}

/** As {@link readSessionInfo}. */
export async function readListed(file: SessionFile): Promise<ListedSession | undefined> {
  const { transcript } = file;
  const ends = await unlessMissing(transcript, readEnds(transcript));
  if (ends === undefined) return undefined;
  const { head, tail, bytes } = ends;
  const facts = gather(head, tail);
  if (facts === undefined) return undefined;
  const { sessionId, modifiedMs } = file;
  const mark = await archiveMark(file);
  const { programmatic, ...shown } = facts;
  const info: SessionInfo = { sessionId, lastModified: modifiedMs, fileSize: bytes, ...shown };
  if (mark === undefined) return { info, programmatic };
  const archived = mark.archived && ![...head, ...tail].some((entry) => isPromptAfter(entry, mark.at));
  return { info: { ...info, archived }, programmatic };
}

/** A prompt takes a session out of the archive. */
function isPromptAfter(entry: Entry, time: number): boolean {
  if (entry.isSidechain === true || entry.origin !== undefined) return false;
  const prompt = new FirstPrompt();
  prompt.look(entry);
  return prompt.found && Date.parse(textField(entry, "timestamp") ?? "") > time;
}

function gather(
  head: readonly Entry[],
  tail: readonly Entry[],
): ({ summary: string; programmatic: boolean } & Partial<SessionInfo>) | undefined {
  if (head[0]?.isSidechain === true) return undefined;
  const prompt = new FirstPrompt();
  for (const entry of head) prompt.look(entry);
  const all = [...head, ...tail];
  const customTitle = noted(all, "custom-title", "customTitle") || noted(all, "ai-title", "aiTitle");
  const firstPrompt = prompt.text;
  const lastPrompt = lastOf(
    all.filter(({ type }) => type === "last-prompt"),
    "lastPrompt",
  );
  const summary = customTitle || lastPrompt || noted(all, "summary", "summary") || firstPrompt;
  if (summary === undefined || summary === "") return undefined;
  const createdAt = Date.parse(firstOf(head, "timestamp") ?? "");
  return {
    summary,
    ...defined({
      customTitle: customTitle || undefined,
      firstPrompt,
      gitBranch: lastOf(all, "gitBranch"),
      cwd: firstOf(head, "cwd"),
      tag: noted(all, "tag", "tag") || undefined,
    }),
    ...(Number.isNaN(createdAt) ? {} : { createdAt }),
    programmatic: PROGRAMMATIC.test(firstOf(head, "entrypoint") ?? ""),
  };
}

/** The last value that entries of this type give, also if it is empty: that takes an earlier one back. */
function noted(entries: readonly Entry[], type: string, name: string): string | undefined {
  const value = entries.findLast((entry) => entry.type === type && typeof entry[name] === "string")?.[name];
  return typeof value === "string" ? value : undefined;
}

function firstOf(entries: readonly Entry[], name: string): string | undefined {
  for (const entry of entries) {
    const value = textField(entry, name);
    if (value !== undefined) return value;
  }
  return undefined;
}

function lastOf(entries: readonly Entry[], name: string): string | undefined {
  return firstOf([...entries].reverse(), name);
}

function defined<T extends object>(fields: { [Name in keyof T]: T[Name] | undefined }): Partial<T> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Partial<T>;
}

/** The whole lines at both ends of a file; those of a short file are all in `head`. */
async function readEnds(
  transcript: string,
): Promise<{ head: readonly Entry[]; tail: readonly Entry[]; bytes: number }> {
  const handle = await open(transcript, "r");
  try {
    const { size } = await handle.stat();
    let headEnd = Math.min(size, END_BYTES);
    let head = entriesIn(await part(handle, 0, headEnd), { cutFront: false });
    // A prompt that is itself longer than the first part must not hide its session.
    while (headEnd < size && headEnd < FURTHEST_BYTES && !hasPrompt(head)) {
      headEnd = Math.min(size, headEnd * 4);
      head = entriesIn(await part(handle, 0, headEnd), { cutFront: false });
    }
    const tailStart = Math.max(headEnd, size - END_BYTES);
    // One byte more tells whether a line begins at the cut.
    const from = Math.max(0, Math.min(tailStart, size) - 1);
    const tail = tailStart >= size ? [] : entriesIn(await part(handle, from, size), { cutFront: true });
    return { head, tail, bytes: size };
  } finally {
    await handle.close();
  }
}

function hasPrompt(entries: readonly Entry[]): boolean {
  const prompt = new FirstPrompt();
  return entries.some((entry) => {
    prompt.look(entry);
    return prompt.found;
  });
}

async function part(handle: FileHandle, start: number, end: number): Promise<Buffer> {
  const buffer = Buffer.allocUnsafe(end - start);
  const { bytesRead } = await handle.read(buffer, 0, buffer.length, start);
  return buffer.subarray(0, bytesRead);
}

/** The entries of a part of a file; lines that the part cuts are no entries, damaged ones are passed over. */
function entriesIn(bytes: Buffer, { cutFront }: { readonly cutFront: boolean }): Entry[] {
  const entries: Entry[] = [];
  let start = cutFront ? nextLine(bytes, 0) : 0;
  while (start < bytes.length) {
    const end = nextLine(bytes, start);
    for (const { entry } of parseLine(bytes.subarray(start, end)).entries) entries.push(entry);
    start = end;
  }
  return entries;
}

function nextLine(bytes: Buffer, from: number): number {
  const feed = bytes.indexOf(0x0a, from);
  return feed === -1 ? bytes.length : feed + 1;
}
