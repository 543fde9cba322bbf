/** A CLI's folder with transcripts as a test wants them. */

import { randomUUID } from "node:crypto";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ClaudeError } from "../../src/errors.js";
import { getSessionMessages } from "../../src/sessions/read-sessions.js";

/** Line of a transcript: an entry, or a text that is none. */
export type Line = Readonly<Record<string, unknown>> | string;

/** A temporary folder of the CLI with one project in it. */
export class StoredSessions implements Disposable {
  readonly configDir = mkdtempSync(join(tmpdir(), "sessions-"));
  /** The project's folder. */
  readonly project = join(this.configDir, "projects", "-p");

  constructor() {
    mkdirSync(this.project, { recursive: true });
  }

  /** Stores a transcript; returns the session's id. */
  put(lines: readonly Line[] | Buffer): string {
    const sessionId = randomUUID();
    writeFileSync(this.file(sessionId), Buffer.isBuffer(lines) ? lines : transcriptText(lines, sessionId));
    return sessionId;
  }

  file(sessionId: string): string {
    return join(this.project, `${sessionId}.jsonl`);
  }

  /** All entries of a transcript. */
  entries(sessionId: string): Record<string, unknown>[] {
    return readFileSync(this.file(sessionId), "utf8")
      .split("\n")
      .filter((line) => line !== "")
      .map((line) => JSON.parse(line));
  }

  [Symbol.dispose](): void {
    rmSync(this.configDir, { recursive: true, force: true });
  }
}

/** The text of a transcript. */
export function transcriptText(lines: readonly Line[], sessionId: string): string {
  const texts = lines.map((line) =>
    typeof line === "string" ? line : JSON.stringify({ ...line, sessionId }),
  );
  return texts.map((text) => `${text}\n`).join("");
}

/** The uuid of the entry with this number. */
export function uuidOf(number: number): string {
  return `00000000-0000-4000-8000-${String(number).padStart(12, "0")}`;
}

/** The numbers of messages made by {@link entry}. */
export function numbersOf(messages: readonly { readonly uuid: string }[]): number[] {
  return messages.map(({ uuid }) => Number(uuid.slice(-12)));
}

/** An entry that follows the one with the number `parent`; its text names it. */
export function entry(
  number: number,
  parent: number | null,
  type = "user",
  more: Readonly<Record<string, unknown>> = {},
): Record<string, unknown> {
  const message = {
    role: type,
    content: `text ${number}`,
    ...(type === "assistant" && { id: `msg_${number}` }),
  };
  return {
    parentUuid: parent === null ? null : uuidOf(parent),
    isSidechain: false,
    type,
    ...((type === "user" || type === "assistant") && { message }),
    uuid: uuidOf(number),
    timestamp: new Date(Date.UTC(2026, 0, 1) + number * 1_000).toISOString(),
    cwd: "/p",
    ...more,
  };
}

/** All items of a list. */
export async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}

/** As it would be after a way through JSON: without properties that are undefined. */
export function plain<T>(value: T): T {
  return value === undefined ? value : JSON.parse(JSON.stringify(value));
}

/** Id of a session that is not stored. */
export const UNKNOWN = "0a0b0c0d-9999-4222-8333-444455556666";

/** A conversation with all kinds of entries. */
export const TALK = [
  { type: "mode", mode: "normal" },
  entry(1, null, "user", { message: { role: "user", content: 'é日😀\\u0000 "quoted"' } }),
  entry(2, 1, "attachment", { attachment: { type: "x" } }),
  entry(3, 2, "assistant"),
  { type: "last-prompt", lastPrompt: "é日😀" },
  entry(4, 3, "system", { subtype: "informational" }),
  entry(5, 4),
  entry(6, 5, "assistant"),
];

/** The numbers of a session's messages, and the codes of the faults that were told of. */
export async function readAll(
  configDir: string,
  id: string,
  more: object,
): Promise<{ numbers: number[]; faults: string[] }> {
  const faults: string[] = [];
  const onFault = ({ code }: ClaudeError) => void faults.push(code);
  const messages = await collect(getSessionMessages(id, { configDir, onFault, ...more }));
  return { numbers: numbersOf(messages), faults };
}
