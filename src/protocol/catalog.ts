/** What a session offers: commands, models, agents, plugins, the account. */
import * as v from "valibot";
import { open } from "./wire-schema.js";

/** How hard the model is to think. */
export const effortSchema = open<"low" | "medium" | "high" | "xhigh" | "max">();

/** Type of {@link effortSchema}. */
export type Effort = v.InferOutput<typeof effortSchema>;

/** A slash command or skill. */
export const slashCommandSchema = v.looseObject({
  /** Without the slash. */
  name: v.string(),
  description: v.nullish(v.string()),
  argumentHint: v.nullish(v.string()),
  aliases: v.nullish(v.array(v.string())),
  builtin: v.nullish(v.boolean()),
});

/** Type of {@link slashCommandSchema}. */
export interface SlashCommand extends v.InferOutput<typeof slashCommandSchema> {}

/** A model that the session can use. */
export const modelInfoSchema = v.looseObject({
  /** What `--model` and `set_model` take. */
  value: v.string(),
  displayName: v.nullish(v.string()),
  description: v.nullish(v.string()),
  resolvedModel: v.nullish(v.string()),
  supportsEffort: v.nullish(v.boolean()),
  supportedEffortLevels: v.nullish(v.array(effortSchema)),
  supportsAdaptiveThinking: v.nullish(v.boolean()),
  supportsFastMode: v.nullish(v.boolean()),
  supportsAutoMode: v.nullish(v.boolean()),
});

/** Type of {@link modelInfoSchema}. */
export interface ModelInfo extends v.InferOutput<typeof modelInfoSchema> {}

/** A subagent that the session can call. */
export const agentInfoSchema = v.looseObject({
  name: v.string(),
  description: v.nullish(v.string()),
  model: v.nullish(v.string()),
});

/** Type of {@link agentInfoSchema}. */
export interface AgentInfo extends v.InferOutput<typeof agentInfoSchema> {}

/** Who is logged in, and by what. */
export const accountInfoSchema = v.looseObject({
  email: v.nullish(v.string()),
  organization: v.nullish(v.string()),
  subscriptionType: v.nullish(v.string()),
  tokenSource: v.nullish(v.string()),
  apiKeySource: v.nullish(v.string()),
  apiProvider: v.nullish(
    open<
      | "firstParty"
      | "bedrock"
      | "vertex"
      | "foundry"
      | "anthropicAws"
      | "anthropicGoogleCloud"
      | "mantle"
      | "gateway"
    >(),
  ),
});

/** Type of {@link accountInfoSchema}. */
export interface AccountInfo extends v.InferOutput<typeof accountInfoSchema> {}

/** A plugin that was loaded. */
export const pluginInfoSchema = v.looseObject({
  name: v.string(),
  path: v.nullish(v.string()),
  source: v.nullish(v.string()),
  version: v.nullish(v.string()),
});

/** Type of {@link pluginInfoSchema}. */
export interface PluginInfo extends v.InferOutput<typeof pluginInfoSchema> {}

/** A plugin to load from a folder. */
export const pluginConfigSchema = v.looseObject({
  type: open<"local">(),
  path: v.string(),
  skipMcpDiscovery: v.nullish(v.boolean()),
});

/** Type of {@link pluginConfigSchema}. */
export interface PluginConfig extends v.InferOutput<typeof pluginConfigSchema> {}

/** A subagent that the client defines, in the `initialize` request. */
export const agentDefinitionSchema = v.looseObject({
  description: v.string(),
  prompt: v.string(),
  tools: v.nullish(v.array(v.string())),
  disallowedTools: v.nullish(v.array(v.string())),
  model: v.nullish(v.string()),
  mcpServers: v.nullish(v.array(v.unknown())),
  skills: v.nullish(v.array(v.string())),
  initialPrompt: v.nullish(v.string()),
  maxTurns: v.nullish(v.number()),
  autoCompactWindow: v.nullish(v.number()),
  background: v.nullish(v.boolean()),
  omitClaudeMd: v.nullish(v.boolean()),
  memory: v.nullish(open<"user" | "project" | "local">()),
  effort: v.nullish(v.union([effortSchema, v.number()])),
  permissionMode: v.nullish(v.string()),
  observer: v.nullish(v.string()),
  observerMessage: v.nullish(v.string()),
});

/** Type of {@link agentDefinitionSchema}. */
export interface AgentDefinition extends v.InferOutput<typeof agentDefinitionSchema> {}
