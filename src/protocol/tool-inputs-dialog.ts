/** Inputs of the tools that ask, look things up and report. Mirrors `sdk-tools.d.ts` of the agent SDK. */
import * as v from "valibot";
import { anyObjectSchema, open } from "./wire-schema.js";

const text = v.nullish(v.string());
const count = v.nullish(v.number());
const flag = v.nullish(v.boolean());
const texts = v.nullish(v.array(v.string()));

const serverResource = v.looseObject({ server: v.string(), uri: v.string() });
const oneServer = v.looseObject({ server: text });

/** One question of `AskUserQuestion`. The answers are keyed by its full `question` text. */
export const userQuestionSchema = v.looseObject({
  question: v.string(),
  /** A few words that stand for the question. */
  header: text,
  options: v.array(v.looseObject({ label: v.string(), description: text, preview: text })),
  multiSelect: flag,
});

/** Type of {@link userQuestionSchema}. */
export interface UserQuestion extends v.InferOutput<typeof userQuestionSchema> {}

/** Inputs of the tools that ask, look things up and report, by the tool's name. */
export const dialogToolInputSchemas = {
  AskUserQuestion: v.looseObject({
    questions: v.array(userQuestionSchema),
    /** Labels by question text, several joined with a comma and a space. */
    answers: v.nullish(v.record(v.string(), v.string())),
    annotations: v.nullish(v.record(v.string(), v.looseObject({ preview: text, notes: text }))),
    metadata: v.nullish(v.looseObject({ source: text })),
  }),
  EnterPlanMode: v.looseObject({}),
  ExitPlanMode: v.looseObject({
    plan: text,
    allowedPrompts: v.nullish(v.array(v.looseObject({ tool: text, prompt: text }))),
  }),
  Skill: v.looseObject({ skill: v.string(), args: text }),
  ToolSearch: v.looseObject({ query: v.string(), max_results: count }),
  WebFetch: v.looseObject({ url: v.string(), prompt: v.string(), offset: count }),
  WebSearch: v.looseObject({ query: v.string(), allowed_domains: texts, blocked_domains: texts }),
  ListMcpResourcesTool: oneServer,
  ReadMcpResourceTool: serverResource,
  ReadMcpResourceDirTool: serverResource,
  ReportFindings: v.looseObject({
    level: text,
    findings: v.array(
      v.looseObject({
        file: v.string(),
        line: count,
        summary: v.string(),
        short_summary: text,
        failure_scenario: text,
        category: text,
        severity: v.nullish(open<"important" | "pre_existing" | "nit">()),
        verdict: v.nullish(open<"CONFIRMED" | "PLAUSIBLE">()),
        outcome: v.nullish(open<"fixed" | "skipped" | "no_change_needed">()),
      }),
    ),
  }),
  SendFeedback: v.looseObject({
    type: open<"bug" | "idea" | "missing_capability">(),
    title: v.string(),
    details: v.string(),
    area: text,
    failure_mode: text,
    task_category: text,
  }),
  PushNotification: v.looseObject({ message: v.string(), status: text }),
  ReadNotifications: v.looseObject({}),
  SetGoal: v.looseObject({ condition: v.string(), ask_user: flag }),
  propose_skills: v.looseObject({
    proposals: v.array(
      v.looseObject({
        name: v.string(),
        kind: open<"new" | "improvement">(),
        description: text,
        target: text,
        evidence: texts,
        edits: v.nullish(v.array(v.looseObject({ old_string: v.string(), new_string: v.string() }))),
        skillMd: text,
      }),
    ),
  }),
  ClaudeDesign: v.looseObject({ operation: v.string(), arguments: v.nullish(anyObjectSchema) }),
  Projects: v.looseObject({
    method: open<
      | "project_info"
      | "project_read"
      | "project_search"
      | "project_write"
      | "project_delete"
      | "project_memory_list"
      | "project_memory_read"
    >(),
    path: text,
    content: text,
    local_path: text,
    present_to_user: flag,
    query: text,
    n: count,
  }),
  Artifact: v.looseObject({
    action: text,
    file_path: text,
    file_paths: texts,
    title: text,
    description: text,
    label: text,
    url: text,
    prompt: text,
    scope: v.nullish(open<"mine" | "shared" | "all">()),
    asset_id: text,
    out_dir: text,
    limit: count,
    page_token: text,
    after: text,
    favicon: text,
    icon: text,
    contract: text,
    capabilities: v.nullish(anyObjectSchema),
    force: flag,
    pin: flag,
  }),
  OfferChromeSetup: v.looseObject({ reason: text }),
  ShowOnboardingRolePicker: v.looseObject({}),
} as const;
