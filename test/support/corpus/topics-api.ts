/** What the API says beside text and tool calls: blocks of its own servers, refusals, failures, limits. */

import { apiError, dropConnection, type ModelScript, reply } from "../../../src/testing/index.js";
import type { RawAnswer } from "./raw-model.js";
import { PLAIN, type Run, run, type Topic } from "./topic.js";

const URL = "https://example.com/";

/** An answer of these blocks and a text. */
function answer(blocks: RawAnswer["blocks"], said: string, more: Partial<RawAnswer> = {}): RawAnswer {
  const last = {
    start: { type: "text", text: "" },
    deltas: [{ type: "text_delta", text: said }],
  };
  return { blocks: [...blocks, last], ...more };
}

/** A call of a tool of the API's servers, and its result. */
function served(name: string, input: object, type: string, content: object): RawAnswer["blocks"] {
  const id = `srvtoolu_${name}`;
  const deltas = [{ type: "input_json_delta", partial_json: JSON.stringify(input) }];
  return [
    { start: { type: "server_tool_use", id, name, input: {} }, deltas },
    { start: { type, tool_use_id: id, content } },
  ];
}

const found = {
  type: "web_search_result",
  url: URL,
  title: "Example",
  encrypted_content: "ZW5j",
  page_age: null,
};
const fetched = {
  type: "document",
  source: { type: "text", media_type: "text/plain", data: "abc" },
  title: "Example",
  citations: null,
};
const ran = { stdout: "1\n", stderr: "", return_code: 0, content: [] };
const cited = {
  type: "web_search_result_location",
  ...{ cited_text: "abc", url: URL, title: "Example", encrypted_index: "aWR4" },
};

/** Answers by the prompt that asks for them. */
const ANSWERS: Readonly<Record<string, RawAnswer>> = {
  "redacted thinking": answer([{ start: { type: "redacted_thinking", data: "cmVkYWN0ZWQ=" } }], "said"),
  "a search": answer(served("web_search", { query: "abc" }, "web_search_tool_result", [found]), "found"),
  "a failed search": answer(
    served("web_search", { query: "abc" }, "web_search_tool_result", {
      type: "web_search_tool_result_error",
      error_code: "max_uses_exceeded",
    }),
    "nothing",
  ),
  "a citation": {
    blocks: [
      {
        start: { type: "text", text: "", citations: [] },
        deltas: [
          { type: "citations_delta", citation: cited },
          { type: "text_delta", text: "as it says" },
        ],
      },
    ],
  },
  "a fetched page": answer(
    served("web_fetch", { url: URL }, "web_fetch_tool_result", {
      type: "web_fetch_result",
      url: URL,
      retrieved_at: "2026-01-01T00:00:00Z",
      content: fetched,
    }),
    "fetched",
  ),
  "code that ran": answer(
    served("code_execution", { code: "print(1)" }, "code_execution_tool_result", {
      type: "code_execution_result",
      ...ran,
    }),
    "ran",
  ),
  "a command that ran": answer(
    served("bash_code_execution", { command: "echo 1" }, "bash_code_execution_tool_result", {
      type: "bash_code_execution_result",
      ...ran,
    }),
    "ran",
  ),
  "a connector": answer(
    [
      {
        start: {
          type: "mcp_tool_use",
          id: "mcptoolu_1",
          name: "echo",
          server_name: "remote",
          input: { a: 1 },
        },
      },
      {
        start: {
          type: "mcp_tool_result",
          tool_use_id: "mcptoolu_1",
          is_error: false,
          content: [{ type: "text", text: "1" }],
        },
      },
    ],
    "called",
  ),
  "a refusal": answer([], "I", {
    stopReason: "refusal",
    delta: { stop_details: { type: "refusal", category: "cyber", explanation: "no" } },
  }),
  "a pause": answer([], "wait", { stopReason: "pause_turn" }),
};

const serverBlocks: Topic = {
  name: "server-blocks",
  runs: [
    run({ flags: [...PLAIN, "--include-partial-messages"], raw: ANSWERS }, async (cli) => {
      for (const prompt of Object.keys(ANSWERS)) await cli.ask(prompt).catch(() => undefined);
    }),
  ],
};

function failing(script: ModelScript): Run {
  return run({ flags: PLAIN, script, env: { CLAUDE_CODE_MAX_RETRIES: "1" } }, (cli) => cli.ask("try hard"));
}

const failures: Topic = {
  name: "api-failures",
  runs: [
    run(
      { flags: PLAIN, script: [apiError(529), apiError(429, { retryAfterSeconds: 1 }), "recovered"] },
      (cli) => cli.ask("try hard"),
    ),
    failing([apiError(500), "recovered"]),
    failing([dropConnection({ afterEvents: 2 }), "recovered"]),
    ...[400, 401, 402, 403, 404, 413, 500].map((status) => failing(apiError(status))),
    failing(apiError(400, { message: "prompt is too long: 250000 tokens > 200000 maximum" })),
    failing(reply(["cut off"], { stopReason: "max_tokens" })),
  ],
};

const LIMIT = "anthropic-ratelimit-unified";
/** Limits are told to subscribers alone; any token will do, since nobody checks it. */
const SUBSCRIBER = {
  CLAUDE_CODE_OAUTH_TOKEN: "offline-dummy",
  ANTHROPIC_API_KEY: "",
  CLAUDE_CODE_MAX_RETRIES: "1",
};
const rateLimits: Topic = {
  name: "rate-limits",
  runs: [
    run(
      {
        flags: PLAIN,
        env: SUBSCRIBER,
        raw: {
          "a little more": answer([], "limited", {
            headers: {
              [`${LIMIT}-status`]: "allowed_warning",
              [`${LIMIT}-reset`]: "1800000000",
              [`${LIMIT}-representative-claim`]: "five_hour",
              [`${LIMIT}-5h-utilization`]: "0.9",
              [`${LIMIT}-5h-reset`]: "1800000000",
              [`${LIMIT}-5h-surpassed-threshold`]: "0.9",
              [`${LIMIT}-overage-status`]: "rejected",
              [`${LIMIT}-overage-disabled-reason`]: "org_level_disabled",
            },
          }),
        },
      },
      (cli) => cli.ask("a little more"),
    ),
    run(
      {
        flags: PLAIN,
        env: SUBSCRIBER,
        script: apiError(429, {
          headers: {
            [`${LIMIT}-status`]: "rejected",
            [`${LIMIT}-reset`]: "1900000000",
            [`${LIMIT}-representative-claim`]: "five_hour",
          },
        }),
      },
      (cli) => cli.ask("too much"),
    ),
  ],
};

/** Topics about the API. */
export const API_TOPICS: readonly Topic[] = [serverBlocks, failures, rateLimits];
