import { suite } from "uvu";
import * as assert from "uvu/assert";
import type { ClientOptions } from "../../src/index.js";
import { onUser, requestHost, turn } from "../../src/testing/index.js";
import { assertNothingRuns, open, PATIENCE_MS, until } from "../support/scripted.js";

const dialogs = suite("what the CLI asks the user");

const FORM = { mcp_server_name: "asking", message: "your name?" };
const DIALOG = { dialog_kind: "plan", payload: { plan: "rest" } };

/** What the CLI is answered by a client with these options. */
async function answerTo(subtype: string, fields: object, options: ClientOptions): Promise<unknown> {
  await using client = await open([onUser(turn(requestHost(subtype, { ...fields })))], options);
  const messages = await client.query("go", { timeoutMs: PATIENCE_MS });
  const told = messages.find((message) => (message as { subtype?: unknown }).subtype === "scripted_answer");
  return (told as { response?: unknown } | undefined)?.response;
}

const answers: readonly [what: string, subtype: string, options: ClientOptions, answer: object][] = [
  [
    "an accepted form goes with its content",
    "elicitation",
    { onElicitation: ({ message }) => ({ action: "accept", content: { name: `Ada, ${message}` } }) },
    { action: "accept", content: { name: "Ada, your name?" } },
  ],
  [
    "so does a cancelled one",
    "elicitation",
    { onElicitation: async () => ({ action: "cancel" }) },
    { action: "cancel" },
  ],
  [
    "a handler that throws declines",
    "elicitation",
    {
      onElicitation: () => {
        throw new Error("no window");
      },
    },
    { action: "decline" },
  ],
  [
    "a handler that answers nothing declines",
    "elicitation",
    { onElicitation: (() => undefined) as unknown as NonNullable<ClientOptions["onElicitation"]> },
    { action: "decline" },
  ],
  [
    "a dialog is completed with its result",
    "request_user_dialog",
    { onUserDialog: ({ payload }) => ({ behavior: "completed", result: payload }) },
    { behavior: "completed", result: { plan: "rest" } },
  ],
  [
    "one whose handler rejects is cancelled",
    "request_user_dialog",
    { onUserDialog: () => Promise.reject(new Error("no window")) },
    { behavior: "cancelled" },
  ],
];
for (const [what, subtype, options, response] of answers) {
  dialogs(what, async () => {
    const fields = subtype === "elicitation" ? FORM : DIALOG;
    const told = (await answerTo(subtype, fields, options)) as { ok?: unknown; response?: unknown };
    assert.is(told.ok, true);
    assert.equal(told.response, response);
  });
}

dialogs("without a handler a plain query() refuses, and says what is missing", async () => {
  const told = (await answerTo("elicitation", FORM, {})) as { ok?: unknown; error?: unknown };
  assert.is(told.ok, false);
  assert.match(String(told.error), "onElicitation");
});

dialogs("a handler whose answer cannot be written refuses", async () => {
  const content: Record<string, unknown> = {};
  content.itself = content;
  const told = (await answerTo("elicitation", FORM, {
    onElicitation: () => ({ action: "accept", content }),
  })) as { ok?: unknown; error?: unknown };
  assert.is(told.ok, false);
  assert.match(String(told.error), "no usable answer");
});

dialogs("an interrupted turn closes the dialog", async () => {
  let closed: AbortSignal | undefined;
  await using client = await open([onUser(turn(requestHost("elicitation", { ...FORM })))], {
    onElicitation: (_request, { signal }) => {
      closed = signal;
      return new Promise(() => {});
    },
  });
  const query = client.query("go", { timeoutMs: PATIENCE_MS });
  await until("the dialog", () => closed !== undefined);
  await client.interrupt();
  await query;
  await until("its end", () => closed?.aborted);
});

dialogs("leave no process behind", assertNothingRuns);

dialogs.run();
