/**
 * Which entries of a transcript are its conversation. Each names the one it follows; a rewind or a parallel tool call
 * makes branches, a compaction begins anew with a summary.
 */

import type { Link } from "./links.js";

/** The links of a transcript, by uuid; of several with the same one the last counts, in the place of the first. */
export class Conversation {
  readonly #links = new Map<string, Link>();
  /** Reports of a tool's progress, which older versions wrote: whoever follows one follows what that follows. */
  readonly #progress = new Map<string, string | undefined>();
  readonly #subagent: boolean;

  /** @param subagent whether side chains are what is wanted. */
  constructor(subagent: boolean) {
    this.#subagent = subagent;
  }

  add(link: Link): void {
    if (link.kind === "progress") this.#progress.set(link.uuid, link.parent);
    else this.#links.set(link.uuid, link);
  }

  /** The messages in their order; hidden ones are left out. */
  messages(system: boolean): Link[] {
    this.#passProgress();
    this.#moveKept();
    const leaf = this.#leaf();
    if (leaf === undefined) return [];
    return this.#withParallels([...this.#up(leaf)].reverse()).filter((link) => this.#isShown(link, system));
  }

  #passProgress(): void {
    if (this.#progress.size === 0) return;
    for (const link of this.#links.values()) {
      const seen = new Set<string>();
      while (link.parent !== undefined && this.#progress.has(link.parent) && !seen.has(link.parent)) {
        seen.add(link.parent);
        link.parent = this.#progress.get(link.parent);
      }
    }
  }

  /** Puts what compactions have kept behind their summaries, and what followed a summary behind that. */
  #moveKept(): void {
    const tails = new Map<string, { head: string; tail: string }>();
    const moves: { link: Link; parent: string }[] = [];
    for (const { kept } of this.#links.values()) {
      const segment = kept && this.#links.has(kept.anchor) ? this.#segment(kept) : undefined;
      const [head] = segment ?? [];
      const tail = segment?.at(-1);
      if (kept === undefined || segment === undefined || head === undefined || tail === undefined) continue;
      tails.set(kept.anchor, { head: head.uuid, tail: tail.uuid });
      segment.forEach((link, index) => {
        moves.push({ link, parent: segment[index - 1]?.uuid ?? kept.anchor });
      });
    }
    if (tails.size === 0) return;
    for (const link of this.#links.values()) {
      const moved = link.parent === undefined ? undefined : tails.get(link.parent);
      if (moved !== undefined && link.uuid !== moved.head) link.parent = moved.tail;
    }
    for (const { link, parent } of moves) link.parent = parent;
  }

  /** The kept messages in order; undefined unless all are there. */
  #segment({ uuids, head, tail }: NonNullable<Link["kept"]>): Link[] | undefined {
    if (uuids !== undefined) {
      const links = uuids.map((uuid) => this.#links.get(uuid)).filter((link) => link !== undefined);
      return links.length === uuids.length ? links : undefined;
    }
    const walked: Link[] = [];
    const seen = new Set<string>();
    for (let uuid: string | undefined = tail; uuid !== undefined && !seen.has(uuid); ) {
      seen.add(uuid);
      const link = this.#links.get(uuid);
      if (link === undefined) return undefined;
      walked.push(link);
      if (uuid === head) return walked.reverse();
      uuid = link.parent;
    }
    return undefined;
  }

  /** The last message of the branch written to last. */
  #leaf(): Link | undefined {
    const followed = new Set<string>();
    for (const { parent } of this.#links.values()) if (parent !== undefined) followed.add(parent);
    let best: { end: Link; leaf: Link } | undefined;
    for (const last of this.#links.values()) {
      if (followed.has(last.uuid)) continue;
      // What side chains and teammates have left at the end of a branch does not count.
      const end = this.#firstUp(last, (link) => (this.#subagent || !link.sidechain) && !link.teammate);
      const leaf = end && this.#firstUp(end, ({ kind }) => kind === "user" || kind === "assistant");
      if (end === undefined || leaf === undefined) continue;
      if (best === undefined || end.order > best.end.order) best = { end, leaf };
    }
    return best?.leaf;
  }

  /** The first link, from this one on upwards, of which that is true. */
  #firstUp(from: Link, is: (link: Link) => boolean): Link | undefined {
    for (const link of this.#up(from)) if (is(link)) return link;
    return undefined;
  }

  /** The link and all that it follows, from the last to the first; a circle is gone round once. */
  *#up(from: Link): Generator<Link, void> {
    const seen = new Set<string>();
    for (let link: Link | undefined = from; link !== undefined && !seen.has(link.uuid); ) {
      seen.add(link.uuid);
      yield link;
      link = link.parent === undefined ? undefined : this.#links.get(link.parent);
    }
  }

  /**
   * Tool calls of one message that ran side by side are branches, of which the path holds one: adds the parts of the
   * message that are not on it, and the results of the calls in them, behind the last part that is.
   */
  #withParallels(path: readonly Link[]): Link[] {
    const onPath = new Set(path.map(({ uuid }) => uuid));
    const lastPart = new Map<string, string>();
    for (const { messageId, uuid } of path) if (messageId !== undefined) lastPart.set(messageId, uuid);
    if (lastPart.size === 0) return [...path];
    const messageOf = new Map<string, string>();
    for (const { uuid, messageId } of this.#links.values()) {
      if (messageId !== undefined && lastPart.has(messageId)) messageOf.set(uuid, messageId);
    }
    const parts = new Map<string, Link[]>();
    const results = new Map<string, Link[]>();
    for (const link of this.#links.values()) {
      if (onPath.has(link.uuid)) continue;
      const own = messageOf.get(link.uuid);
      const called = link.toolResult && link.parent !== undefined ? messageOf.get(link.parent) : undefined;
      if (own !== undefined) push(parts, own, link);
      else if (called !== undefined) push(results, called, link);
    }
    return path.flatMap((link) => {
      const { messageId, uuid } = link;
      if (messageId === undefined || lastPart.get(messageId) !== uuid) return [link];
      return [link, ...inTime(parts.get(messageId)), ...inTime(results.get(messageId))];
    });
  }

  #isShown(link: Link, system: boolean): boolean {
    if (link.hidden || (link.sidechain && !this.#subagent)) return false;
    return link.kind === "user" || link.kind === "assistant" || (system && link.kind === "system");
  }
}

function push(lists: Map<string, Link[]>, key: string, link: Link): void {
  const list = lists.get(key);
  if (list === undefined) lists.set(key, [link]);
  else list.push(link);
}

function inTime(links: readonly Link[] = []): Link[] {
  return [...links].sort((a, b) => (a.timestamp < b.timestamp ? -1 : a.timestamp > b.timestamp ? 1 : 0));
}
