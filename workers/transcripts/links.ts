/** What the order of a conversation depends on, and nothing else, of each line of a transcript. */

import { type Entry, isObject, textField } from "./entries.js";

/** An entry that others can follow, and where it is. */
export interface Link {
  readonly uuid: string;
  /** The entry that it follows; a compaction moves what it has kept. */
  parent: string | undefined;
  readonly kind: "user" | "assistant" | "system" | "progress" | "other";
  readonly start: number;
  readonly length: number;
  /** Its place among all links. */
  readonly order: number;
  readonly sidechain: boolean;
  /** Never shown: written by the CLI for itself, or by a teammate. */
  readonly hidden: boolean;
  readonly teammate: boolean;
  /** The API's message that it is a part of; a message with several tool calls has several entries. */
  readonly messageId: string | undefined;
  readonly toolResult: boolean;
  readonly timestamp: string;
  /** What a compaction has kept. */
  readonly kept: KeptSegment | undefined;
}

/** Messages that stay in the conversation behind the summary of what was before them. */
export interface KeptSegment {
  /** The summary, or the boundary itself, that they follow now. */
  readonly anchor: string;
  /** Either all of them in order, or the first and the last. */
  readonly uuids: readonly string[] | undefined;
  readonly head: string;
  readonly tail: string;
}

/** The link of an entry; undefined for one that is in no conversation. */
export function linkOf(
  entry: Entry,
  place: { start: number; length: number; order: number },
): Link | undefined {
  const uuid = textField(entry, "uuid");
  const type = textField(entry, "type");
  if (uuid === undefined || type === undefined) return undefined;
  const kind = isKind(type) ? type : "other";
  const message = isObject(entry.message) ? entry.message : {};
  const teammate = textField(entry, "teamName") !== undefined;
  return {
    uuid,
    parent: textField(entry, "parentUuid"),
    kind,
    ...place,
    sidechain: entry.isSidechain === true,
    hidden: entry.isMeta === true || teammate,
    teammate,
    messageId: kind === "assistant" ? textField(message, "id") : undefined,
    toolResult: kind === "user" && hasToolResult(message.content),
    timestamp: textField(entry, "timestamp") ?? "",
    kept: entry.subtype === "compact_boundary" ? keptSegment(entry.compactMetadata) : undefined,
  };
}

function isKind(type: string): type is Exclude<Link["kind"], "other"> {
  return type === "user" || type === "assistant" || type === "system" || type === "progress";
}

function hasToolResult(content: unknown): boolean {
  return Array.isArray(content) && content.some((block) => isObject(block) && block.type === "tool_result");
}

function keptSegment(metadata: unknown): KeptSegment | undefined {
  if (!isObject(metadata)) return undefined;
  const { preservedMessages: listed, preservedSegment: ends } = metadata;
  if (isObject(listed) && Array.isArray(listed.uuids)) {
    const anchor = textField(listed, "anchorUuid");
    const uuids = listed.uuids.filter((uuid) => typeof uuid === "string");
    const [head] = uuids;
    const tail = uuids.at(-1);
    if (anchor !== undefined && head !== undefined && tail !== undefined)
      return { anchor, uuids, head, tail };
  }
  if (!isObject(ends)) return undefined;
  const anchor = textField(ends, "anchorUuid");
  const head = textField(ends, "headUuid");
  const tail = textField(ends, "tailUuid");
  if (anchor === undefined || head === undefined || tail === undefined) return undefined;
  return { anchor, uuids: undefined, head, tail };
}
