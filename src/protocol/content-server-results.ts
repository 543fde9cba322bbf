/** Content blocks with the results of tools that the API runs itself, and of what it did on its own. */
import * as v from "valibot";
import { documentBlockSchema } from "./content-media.js";
import { toolReferenceBlockSchema } from "./content-tools.js";
import { anyObjectSchema, dispatch, open, typed, unknownNameSchema } from "./wire-schema.js";

const unknownContent = v.looseObject({ type: unknownNameSchema });

/** The fields of a failure: every server tool has its own `type` for one, and the same fields. */
const failure = {
  error_code: v.nullish(
    open<
      | "invalid_tool_input"
      | "unavailable"
      | "too_many_requests"
      | "execution_time_exceeded"
      | "max_uses_exceeded"
      | "overloaded"
    >(),
  ),
  error_message: v.nullish(v.string()),
} as const;

/** The fields of a program that has run. */
const execution = {
  stdout: v.nullish(v.string()),
  stderr: v.nullish(v.string()),
  return_code: v.nullish(v.number()),
  content: v.nullish(v.array(v.looseObject({ file_id: v.nullish(v.string()) }))),
} as const;

const webSearchHits = v.array(
  v.looseObject({
    type: v.nullish(open<"web_search_result">()),
    title: v.nullish(v.string()),
    url: v.nullish(v.string()),
    page_age: v.nullish(v.string()),
    encrypted_content: v.nullish(v.string()),
  }),
);
const webSearchFailure = dispatch(
  "type",
  { web_search_tool_result_error: typed("web_search_tool_result_error", failure) },
  unknownContent,
);

/** What the API's web search found: a list of pages, or one error object. */
export const webSearchToolResultBlockSchema = typed("web_search_tool_result", {
  tool_use_id: v.string(),
  content: v.nullish(v.lazy((input) => (Array.isArray(input) ? webSearchHits : webSearchFailure))),
});

/** Type of {@link webSearchToolResultBlockSchema}. */
export interface WebSearchToolResultBlock extends v.InferOutput<typeof webSearchToolResultBlockSchema> {}

/** What the API's web fetch brought: a document, or an error. */
export const webFetchToolResultBlockSchema = typed("web_fetch_tool_result", {
  tool_use_id: v.string(),
  content: v.nullish(
    dispatch(
      "type",
      {
        web_fetch_result: typed("web_fetch_result", {
          url: v.nullish(v.string()),
          retrieved_at: v.nullish(v.string()),
          content: v.nullish(documentBlockSchema),
        }),
        web_fetch_tool_result_error: typed("web_fetch_tool_result_error", failure),
      },
      unknownContent,
    ),
  ),
});

/** Type of {@link webFetchToolResultBlockSchema}. */
export interface WebFetchToolResultBlock extends v.InferOutput<typeof webFetchToolResultBlockSchema> {}

/** What the API's code execution gave. */
export const codeExecutionToolResultBlockSchema = typed("code_execution_tool_result", {
  tool_use_id: v.string(),
  content: v.nullish(
    dispatch(
      "type",
      {
        code_execution_result: typed("code_execution_result", execution),
        encrypted_code_execution_result: typed("encrypted_code_execution_result", {
          ...execution,
          encrypted_stdout: v.nullish(v.string()),
        }),
        code_execution_tool_result_error: typed("code_execution_tool_result_error", failure),
      },
      unknownContent,
    ),
  ),
});

/** Type of {@link codeExecutionToolResultBlockSchema}. */
export interface CodeExecutionToolResultBlock
  extends v.InferOutput<typeof codeExecutionToolResultBlockSchema> {}

/** What a shell command in the API's container gave. */
export const bashCodeExecutionToolResultBlockSchema = typed("bash_code_execution_tool_result", {
  tool_use_id: v.string(),
  content: v.nullish(
    dispatch(
      "type",
      {
        bash_code_execution_result: typed("bash_code_execution_result", execution),
        bash_code_execution_tool_result_error: typed("bash_code_execution_tool_result_error", failure),
      },
      unknownContent,
    ),
  ),
});

/** Type of {@link bashCodeExecutionToolResultBlockSchema}. */
export interface BashCodeExecutionToolResultBlock
  extends v.InferOutput<typeof bashCodeExecutionToolResultBlockSchema> {}

/** What viewing or editing a file in the API's container gave. */
export const textEditorCodeExecutionToolResultBlockSchema = typed("text_editor_code_execution_tool_result", {
  tool_use_id: v.string(),
  content: v.nullish(
    dispatch(
      "type",
      {
        text_editor_code_execution_view_result: typed("text_editor_code_execution_view_result", {
          content: v.nullish(v.string()),
          file_type: v.nullish(open<"text" | "image" | "pdf">()),
          num_lines: v.nullish(v.number()),
          start_line: v.nullish(v.number()),
          total_lines: v.nullish(v.number()),
        }),
        text_editor_code_execution_create_result: typed("text_editor_code_execution_create_result", {
          is_file_update: v.nullish(v.boolean()),
        }),
        text_editor_code_execution_str_replace_result: typed(
          "text_editor_code_execution_str_replace_result",
          {
            lines: v.nullish(v.array(v.string())),
            old_start: v.nullish(v.number()),
            old_lines: v.nullish(v.number()),
            new_start: v.nullish(v.number()),
            new_lines: v.nullish(v.number()),
          },
        ),
        text_editor_code_execution_tool_result_error: typed(
          "text_editor_code_execution_tool_result_error",
          failure,
        ),
      },
      unknownContent,
    ),
  ),
});

/** Type of {@link textEditorCodeExecutionToolResultBlockSchema}. */
export interface TextEditorCodeExecutionToolResultBlock
  extends v.InferOutput<typeof textEditorCodeExecutionToolResultBlockSchema> {}

/** The tools that the API's tool search found. */
export const toolSearchToolResultBlockSchema = typed("tool_search_tool_result", {
  tool_use_id: v.string(),
  content: v.nullish(
    dispatch(
      "type",
      {
        tool_search_tool_search_result: typed("tool_search_tool_search_result", {
          tool_references: v.nullish(v.array(toolReferenceBlockSchema)),
        }),
        tool_search_tool_result_error: typed("tool_search_tool_result_error", failure),
      },
      unknownContent,
    ),
  ),
});

/** Type of {@link toolSearchToolResultBlockSchema}. */
export interface ToolSearchToolResultBlock extends v.InferOutput<typeof toolSearchToolResultBlockSchema> {}

/** What the advisor model said, readable or encrypted. */
export const advisorToolResultBlockSchema = typed("advisor_tool_result", {
  tool_use_id: v.string(),
  content: v.nullish(
    dispatch(
      "type",
      {
        advisor_result: typed("advisor_result", {
          text: v.nullish(v.string()),
          stop_reason: v.nullish(v.string()),
        }),
        advisor_redacted_result: typed("advisor_redacted_result", {
          encrypted_content: v.nullish(v.string()),
          stop_reason: v.nullish(v.string()),
        }),
        advisor_tool_result_error: typed("advisor_tool_result_error", failure),
      },
      unknownContent,
    ),
  ),
});

/** Type of {@link advisorToolResultBlockSchema}. */
export interface AdvisorToolResultBlock extends v.InferOutput<typeof advisorToolResultBlockSchema> {}

/** The API's summary of what it took out of the context. */
export const compactionBlockSchema = typed("compaction", {
  content: v.nullish(v.string()),
  encrypted_content: v.nullish(v.string()),
  signature: v.nullish(v.string()),
  tool_changes: v.nullish(v.array(anyObjectSchema)),
});

/** Type of {@link compactionBlockSchema}. */
export interface CompactionBlock extends v.InferOutput<typeof compactionBlockSchema> {}

const fallbackModel = v.looseObject({ model: v.nullish(v.string()) });

/** Marks the place where another model took over. */
export const fallbackBlockSchema = typed("fallback", {
  from: v.nullish(fallbackModel),
  to: v.nullish(fallbackModel),
  trigger: v.nullish(v.looseObject({ type: v.nullish(open<"refusal">()), category: v.nullish(v.string()) })),
});

/** Type of {@link fallbackBlockSchema}. */
export interface FallbackBlock extends v.InferOutput<typeof fallbackBlockSchema> {}
