/** What a client's turns have used: the sum over its results, whose own totals run on within a session. */

import type { ModelUsage, ResultMessage, SessionTotals } from "../protocol/index.js";
import { asRecord, type ControlCalls } from "./control-calls.js";

/** What was used of one model, or of all. Money is what the CLI reckons, in US dollars. */
export interface UsageTotals {
  readonly costUsd: number;
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly cacheReadInputTokens: number;
  readonly cacheCreationInputTokens: number;
}

/** What the turns of one client have used, subagents included. */
export interface ClientTotals extends UsageTotals {
  /** Results, each of which ends a turn; those of local commands included. */
  readonly turns: number;
  /** Wall-clock milliseconds of these turns, one after the other. */
  readonly durationMs: number;
  /** By the model's name. */
  readonly models: Readonly<Record<string, UsageTotals>>;
}

/** The totals that run on in a session, as a `result` or the answer to `get_usage` tells them. */
export interface RunningTotals {
  readonly total_cost_usd?: number | null | undefined;
  readonly models: Readonly<Record<string, ModelUsage>> | null | undefined;
}

const NOTHING: UsageTotals = {
  costUsd: 0,
  inputTokens: 0,
  outputTokens: 0,
  cacheReadInputTokens: 0,
  cacheCreationInputTokens: 0,
};

/** Where the total stands beside those of the models: the CLI's own sum counts more than them. */
const ALL = Symbol("all models");
type Row = string | typeof ALL;

export class Totals {
  readonly #used = new Map<Row, UsageTotals>();
  /** The session's running totals as of its last result. */
  #running = new Map<Row, UsageTotals>();
  #turns = 0;
  #durationMs = 0;

  /** A result was read. */
  add(result: ResultMessage): void {
    this.#turns += 1;
    this.#durationMs += result.duration_ms ?? 0;
    const now = rows({ total_cost_usd: result.total_cost_usd, models: result.modelUsage });
    // They begin anew with a new session, and never fall within one. Without them nothing can be told.
    if (result.modelUsage == null && result.total_cost_usd == null) return;
    const before = fallen(this.#running, now) ? new Map<Row, UsageTotals>() : this.#running;
    for (const [row, usage] of now) this.#count(row, usage, before.get(row) ?? NOTHING);
    this.#running = now;
  }

  /** What a resumed session had used before this client, and so is in its running totals. */
  carriedIn(before: RunningTotals): void {
    for (const [row, usage] of rows(before)) this.#count(row, NOTHING, usage);
  }

  get sum(): ClientTotals {
    const models: Record<string, UsageTotals> = {};
    for (const [row, usage] of this.#used) {
      if (row !== ALL && Object.values(usage).some((value) => value > 0)) models[row] = usage;
    }
    const all = this.#used.get(ALL) ?? NOTHING;
    return { ...all, turns: this.#turns, durationMs: this.#durationMs, models };
  }

  #count(row: Row, plus: UsageTotals, minus: UsageTotals): void {
    const sum = this.#used.get(row) ?? NOTHING;
    this.#used.set(
      row,
      merge((key) => sum[key] + plus[key] - minus[key]),
    );
  }
}

/** Flags by which a session goes on that has used something already. */
const RESUMES = /^--(?:resume|continue|from-pr|teleport)(?:=|$)/;

/**
 * Leaves out of the totals what a session had used before: the CLI's own run on when it is resumed. Never rejects; a
 * CLI that does not tell leaves it in.
 * @param args the child's
 */
export async function countFromNow(
  totals: Totals,
  calls: ControlCalls,
  args: readonly string[],
): Promise<void> {
  if (!args.some((item) => RESUMES.test(item))) return;
  const answer = asRecord(
    await calls.request("get_usage", {}, { skip_behaviors: true }).catch(() => undefined),
  );
  const session = asRecord(answer.session) as SessionTotals;
  totals.carriedIn({ total_cost_usd: session.total_cost_usd, models: session.model_usage });
}

function rows({ total_cost_usd, models }: RunningTotals): Map<Row, UsageTotals> {
  const all = new Map<Row, UsageTotals>();
  for (const [name, usage] of Object.entries(models ?? {})) all.set(name, usageOf(usage));
  const sum = merge((key) => [...all.values()].reduce((total, usage) => total + usage[key], 0));
  return all.set(ALL, { ...sum, costUsd: total_cost_usd ?? sum.costUsd });
}

function usageOf(usage: ModelUsage): UsageTotals {
  return {
    costUsd: usage.costUSD ?? 0,
    inputTokens: usage.inputTokens ?? 0,
    outputTokens: usage.outputTokens ?? 0,
    cacheReadInputTokens: usage.cacheReadInputTokens ?? 0,
    cacheCreationInputTokens: usage.cacheCreationInputTokens ?? 0,
  };
}

function merge(value: (key: keyof UsageTotals) => number): UsageTotals {
  return {
    costUsd: value("costUsd"),
    inputTokens: value("inputTokens"),
    outputTokens: value("outputTokens"),
    cacheReadInputTokens: value("cacheReadInputTokens"),
    cacheCreationInputTokens: value("cacheCreationInputTokens"),
  };
}

/** True when anything is less than it was. */
function fallen(before: ReadonlyMap<Row, UsageTotals>, now: ReadonlyMap<Row, UsageTotals>): boolean {
  return [...before].some(([row, usage]) => {
    const { outputTokens, costUsd, inputTokens } = now.get(row) ?? NOTHING;
    return outputTokens < usage.outputTokens || inputTokens < usage.inputTokens || costUsd < usage.costUsd;
  });
}
