/** Tokens, money and context: what a message, a turn and a session have used. */
import * as v from "valibot";
import { anyObjectSchema, open } from "./wire-schema.js";

const tokens = v.nullish(v.number());

const cacheCreation = v.looseObject({
  ephemeral_5m_input_tokens: tokens,
  ephemeral_1h_input_tokens: tokens,
});

/** One call of the API within a turn. */
export const usageIterationSchema = v.looseObject({
  type: v.nullish(open<"message" | "compaction" | "advisor_message" | "fallback_message">()),
  model: v.nullish(v.string()),
  input_tokens: tokens,
  output_tokens: tokens,
  cache_creation_input_tokens: tokens,
  cache_read_input_tokens: tokens,
  cache_creation: v.nullish(cacheCreation),
});

/** Type of {@link usageIterationSchema}. */
export interface UsageIteration extends v.InferOutput<typeof usageIterationSchema> {}

/**
 * Token counts as the Messages API gives them. On a `result` they are the sum over all API calls of the
 * turn: a measure of cost. How full the context is shows in the last of `iterations`.
 */
export const usageSchema = v.looseObject({
  input_tokens: tokens,
  output_tokens: tokens,
  cache_creation_input_tokens: tokens,
  cache_read_input_tokens: tokens,
  cache_creation: v.nullish(cacheCreation),
  output_tokens_details: v.nullish(v.looseObject({ thinking_tokens: tokens })),
  server_tool_use: v.nullish(v.looseObject({ web_search_requests: tokens, web_fetch_requests: tokens })),
  fallback_credit: v.nullish(anyObjectSchema),
  service_tier: v.nullish(open<"standard" | "priority" | "batch">()),
  inference_geo: v.nullish(v.string()),
  speed: v.nullish(open<"standard" | "fast">()),
  iterations: v.nullish(v.array(usageIterationSchema)),
});

/** Type of {@link usageSchema}. */
export interface Usage extends v.InferOutput<typeof usageSchema> {}

/** What one model has used in this session, as the CLI reckons it. */
export const modelUsageSchema = v.looseObject({
  inputTokens: tokens,
  outputTokens: tokens,
  thinkingTokens: tokens,
  cacheReadInputTokens: tokens,
  cacheCreationInputTokens: tokens,
  cacheCreationEphemeral5mInputTokens: tokens,
  cacheCreationEphemeral1hInputTokens: tokens,
  webSearchRequests: v.nullish(v.number()),
  /** US dollars. */
  costUSD: v.nullish(v.number()),
  /** Size of the model's context window, in tokens. */
  contextWindow: tokens,
  maxOutputTokens: tokens,
  canonicalModel: v.nullish(v.string()),
  provider: v.nullish(v.string()),
  costBasis: v.nullish(open<"list" | "managed" | "unknown">()),
});

/** Type of {@link modelUsageSchema}. */
export interface ModelUsage extends v.InferOutput<typeof modelUsageSchema> {}

/** {@link ModelUsage} by model name. */
export const modelUsageByNameSchema = v.record(v.string(), modelUsageSchema);

/** Totals of a session; times in milliseconds, money in US dollars. */
export const sessionTotalsSchema = v.looseObject({
  total_cost_usd: v.nullish(v.number()),
  total_api_duration_ms: v.nullish(v.number()),
  total_duration_ms: v.nullish(v.number()),
  total_lines_added: v.nullish(v.number()),
  total_lines_removed: v.nullish(v.number()),
  model_usage: v.nullish(modelUsageByNameSchema),
});

/** Type of {@link sessionTotalsSchema}. */
export interface SessionTotals extends v.InferOutput<typeof sessionTotalsSchema> {}

/** What a plan has spent beyond its limits. */
export const extraUsageSchema = v.looseObject({
  is_enabled: v.nullish(v.boolean()),
  monthly_limit: v.nullish(v.number()),
  used_credits: v.nullish(v.number()),
  utilization: v.nullish(v.number()),
  currency: v.nullish(v.string()),
});

const displayName = v.nullish(v.looseObject({ display_name: v.nullish(v.string()) }));

/** The `/usage` report as data, on the assistant message that carries it as text. */
export const usageReportSchema = v.looseObject({
  session: v.nullish(sessionTotalsSchema),
  rate_limits: v.nullish(
    v.looseObject({
      limits: v.nullish(
        v.array(
          v.looseObject({
            kind: v.nullish(v.string()),
            group: v.nullish(v.string()),
            /** 0 to 100. */
            percent: v.nullish(v.number()),
            resets_at: v.nullish(v.string()),
            scope: v.nullish(v.looseObject({ model: displayName, surface: displayName })),
            severity: v.nullish(v.string()),
            is_active: v.nullish(v.boolean()),
          }),
        ),
      ),
      extra_usage: v.nullish(extraUsageSchema),
    }),
  ),
});

/** Type of {@link usageReportSchema}. */
export interface UsageReport extends v.InferOutput<typeof usageReportSchema> {}

/** The `/context` report as data, on the assistant message that carries it as text. */
export const contextUsageSchema = v.looseObject({
  model: v.nullish(v.string()),
  total_tokens: tokens,
  raw_max_tokens: tokens,
  percentage: v.nullish(v.number()),
  over_limit: v.nullish(
    v.looseObject({ tokens_over: tokens, kind: v.nullish(open<"hard_limit" | "compaction_window">()) }),
  ),
  categories: v.nullish(
    v.array(
      v.looseObject({
        name: v.nullish(v.string()),
        tokens,
        kind: v.nullish(open<"used" | "free" | "buffer" | "deferred">()),
      }),
    ),
  ),
  mcp_tools: v.nullish(
    v.array(v.looseObject({ name: v.nullish(v.string()), server_name: v.nullish(v.string()), tokens })),
  ),
  memory_files: v.nullish(
    v.array(v.looseObject({ path: v.nullish(v.string()), type: v.nullish(v.string()), tokens })),
  ),
  agents: v.nullish(
    v.array(v.looseObject({ agent_type: v.nullish(v.string()), source: v.nullish(v.string()), tokens })),
  ),
  skills: v.nullish(
    v.array(
      v.looseObject({
        name: v.nullish(v.string()),
        source: v.nullish(v.string()),
        plugin_name: v.nullish(v.string()),
        tokens,
      }),
    ),
  ),
});

/** Type of {@link contextUsageSchema}. */
export interface ContextUsage extends v.InferOutput<typeof contextUsageSchema> {}
