/** What of a transcript goes into a fork, and under which uuids. */

import { randomUUID } from "node:crypto";
import { InvalidArgumentError } from "../../src/errors.js";
import { type Entry, isObject } from "./entries.js";

/** An entry of the source that has a uuid. */
export interface ForkSource {
  readonly uuid: string;
  readonly parent: string | undefined;
  readonly start: number;
  readonly length: number;
  /** False for what no conversation needs: progress, and other agents' messages. */
  readonly copied: boolean;
  readonly boundary: boolean;
  readonly summary: boolean;
}

/** What is copied, in order, and what the copies are called. */
export interface ForkPlan {
  readonly sources: readonly ForkSource[];
  readonly uuids: ReadonlyMap<string, string>;
  /** The nearest copied entry at or above one of the source. */
  copyOf(uuid: string | undefined): string | undefined;
  /** Whether what a compaction kept behind its summary belongs to the fork. */
  keeps(anchor: string): boolean;
}

/**
 * Plans a fork that ends with a message, in the order of the file.
 * @throws InvalidArgumentError when the message is not there, or nothing is left.
 */
export function planFork(all: readonly ForkSource[], upTo: string | undefined, sessionId: string): ForkPlan {
  const end = upTo === undefined ? all.length : cut(all, upTo, sessionId);
  const sources = all.slice(0, end).filter(({ copied }) => copied);
  if (sources.length === 0) throw new InvalidArgumentError(`Session ${sessionId} has no messages to fork.`);
  const uuids = new Map(sources.map(({ uuid }) => [uuid, randomUUID()]));
  const parents = new Map(all.map(({ uuid, parent }) => [uuid, parent]));
  const copyOf = (uuid: string | undefined): string | undefined => {
    const seen = new Set<string>();
    for (let at = uuid; at !== undefined && !seen.has(at); at = parents.get(at)) {
      const copy = uuids.get(at);
      if (copy !== undefined) return copy;
      seen.add(at);
    }
    return undefined;
  };
  return { sources, uuids, copyOf, keeps: (anchor) => anchor !== upTo };
}

/** How many entries the fork has. A boundary without its summary would hide all that was before it. */
function cut(all: readonly ForkSource[], upTo: string, sessionId: string): number {
  const last = all.findLastIndex(({ uuid, copied }) => copied && uuid === upTo);
  if (last === -1) {
    throw new InvalidArgumentError(
      `Session ${sessionId} has no message ${upTo}. Take the uuid of one that getSessionMessages() gives.`,
    );
  }
  const boundary = all.findLastIndex(({ boundary }, index) => boundary && index <= last);
  const summary = all.findIndex(({ summary, parent }) => summary && parent === all[boundary]?.uuid);
  return boundary !== -1 && summary > last ? boundary : last + 1;
}

/** Fields that are about the source alone. */
const LEFT_OUT: ReadonlySet<string> = new Set(["slug", "turnAttributionKey", "sourceToolAssistantUUID"]);

/** The copy of an entry. */
export function forkedEntry(
  entry: Entry,
  { uuid, parent }: ForkSource,
  plan: ForkPlan,
  ids: { readonly from: string; readonly to: string },
): Entry {
  const copy: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(entry)) if (!LEFT_OUT.has(name)) copy[name] = value;
  const { logicalParentUuid, compactMetadata, requestSessionId } = entry;
  return {
    ...copy,
    uuid: plan.uuids.get(uuid),
    parentUuid: plan.copyOf(parent) ?? null,
    ...(typeof logicalParentUuid === "string" && {
      logicalParentUuid: plan.copyOf(logicalParentUuid) ?? null,
    }),
    ...(isObject(compactMetadata) && { compactMetadata: forkedMetadata(compactMetadata, plan) }),
    sessionId: ids.to,
    // Where the API's request was made, which a request log goes by.
    ...(entry.type === "assistant" && { requestSessionId: requestSessionId ?? ids.from }),
    forkedFrom: { sessionId: ids.from, messageUuid: uuid },
  };
}

function forkedMetadata(metadata: Entry, plan: ForkPlan): Entry {
  const { preservedSegment: ends, preservedMessages: listed, ...rest } = metadata;
  const segment = isObject(ends) ? renamed(ends, plan) : undefined;
  const messages = isObject(listed) ? renamed(listed, plan) : undefined;
  return {
    ...rest,
    ...(messages !== undefined && { preservedMessages: messages }),
    ...(segment !== undefined && { preservedSegment: segment }),
  };
}

/** The same with the copies' uuids; undefined when one of them has no copy, as the whole means nothing then. */
function renamed(kept: Entry, plan: ForkPlan): Entry | undefined {
  if (typeof kept.anchorUuid !== "string" || !plan.keeps(kept.anchorUuid)) return undefined;
  const copy: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(kept)) {
    const uuids: unknown[] = Array.isArray(value) ? value : [value];
    const copies = uuids.map((uuid) => (typeof uuid === "string" ? plan.uuids.get(uuid) : undefined));
    if (copies.includes(undefined)) return undefined;
    copy[name] = Array.isArray(value) ? copies : copies[0];
  }
  return copy;
}
