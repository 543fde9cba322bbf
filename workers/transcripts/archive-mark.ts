/** The mark that a session is archived: a file beside its subagents, written as the SDK does. */

import { randomUUID } from "node:crypto";
import { mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { isObject, textField } from "./entries.js";
import { onFile } from "./file-failure.js";
import type { SessionFile } from "./session-files.js";

const MARK_FILE = "archived.json";

/** What was noted last. */
export interface ArchiveMark {
  readonly archived: boolean;
  /** When, in milliseconds since 1970; NaN when that is not told. */
  readonly at: number;
}

/** The session's mark; undefined if it never had one. */
export async function archiveMark({ folder }: SessionFile): Promise<ArchiveMark | undefined> {
  try {
    const mark: unknown = JSON.parse(await readFile(join(folder, MARK_FILE), "utf8"));
    if (!isObject(mark) || typeof mark.archived !== "boolean") return undefined;
    return { archived: mark.archived, at: Date.parse(textField(mark, "at") ?? "") };
  } catch {
    return undefined;
  }
}

/** Sets or takes away the mark. It is replaced as a whole, so that nobody reads half of it. */
export async function setArchived(session: SessionFile, archived: boolean): Promise<void> {
  if (!archived && (await archiveMark(session)) === undefined) return;
  const { folder } = session;
  const file = join(folder, MARK_FILE);
  const temporary = join(folder, `.${MARK_FILE}.${randomUUID()}`);
  const text = JSON.stringify({ archived, at: new Date().toISOString(), by: "sdk" });
  try {
    await onFile(folder, mkdir(folder, { recursive: true, mode: 0o700 }));
    await onFile(temporary, writeFile(temporary, text, { mode: 0o600, flag: "wx" }));
    await onFile(file, rename(temporary, file));
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => {});
    throw error;
  }
}
