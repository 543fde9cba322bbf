/**
 * Which entries of a transcript are its conversation. Each names the one it follows; a rewind or a parallel tool call
 * makes branches, a compaction begins anew with a summary.
 */

import type { Link } from "./links.js";

/** The links of a transcript, by uuid; of several with the same one the last counts, in the place of the first. */
export class Conversation {
  readonly #links = new Map<string, Link>();
  readonly #subagent: boolean;

  /** @param subagent whether side chains are what is wanted. */
  constructor(subagent: boolean) {
    this.#subagent = subagent;
  }

  add(link: Link): void {
    this.#links.set(link.uuid, link);
  }

  /** The messages in their order; hidden ones are left out. */
  messages(system: boolean): Link[] {
    this.#moveKept();
    const leaf = this.#leaf();
    if (leaf === undefined) return [];
    return this.#withParallels(this.#pathTo(leaf)).filter((link) => this.#isShown(link, system));
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
    for (const end of this.#links.values()) {
      if (followed.has(end.uuid) || (best !== undefined && end.order < best.end.order)) continue;
      const leaf = this.#messageAtOrBefore(end);
      if (leaf !== undefined && this.#mayLead(leaf)) best = { end, leaf };
    }
    return best?.leaf;
  }

  #mayLead(link: Link): boolean {
    return (this.#subagent || !link.sidechain) && !link.teammate;
  }

  #messageAtOrBefore(end: Link): Link | undefined {
    const seen = new Set<string>();
    for (
      let link: Link | undefined = end;
      link !== undefined && !seen.has(link.uuid);
      link = this.#before(link)
    ) {
      if (link.kind === "user" || link.kind === "assistant") return link;
      seen.add(link.uuid);
    }
    return undefined;
  }

  #pathTo(leaf: Link): Link[] {
    const path: Link[] = [];
    const seen = new Set<string>();
    for (
      let link: Link | undefined = leaf;
      link !== undefined && !seen.has(link.uuid);
      link = this.#before(link)
    ) {
      seen.add(link.uuid);
      path.push(link);
    }
    return path.reverse();
  }

  #before(link: Link): Link | undefined {
    return link.parent === undefined ? undefined : this.#links.get(link.parent);
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
    if (link.hidden) return false;
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
