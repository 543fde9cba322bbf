import { suite } from "uvu";
import * as assert from "uvu/assert";
import {
  type AnyPermissionRequest,
  allow,
  allowAndRemember,
  answerQuestions,
  deny,
  denyAndStop,
} from "../../src/client/permission.js";
import { refuseUnattended } from "../../src/client/unattended.js";
import {
  type ControlRequestMessage,
  type PermissionUpdate,
  type ToolPermissionRequest,
  toolPermissionRequest,
} from "../../src/protocol/index.js";
import { isLazy, lazyMessage } from "../channel/lazy-message.js";

const RULE: PermissionUpdate = {
  type: "addRules",
  rules: [{ toolName: "Bash", ruleContent: "ls:*" }],
  behavior: "allow",
  destination: "session",
};
const MODE: PermissionUpdate = { type: "setMode", mode: "acceptEdits", destination: "session" };

function message(request: object, request_id = "p1"): ControlRequestMessage {
  return {
    type: "control_request",
    request_id,
    request: { subtype: "can_use_tool", tool_name: "Bash", input: { command: "ls" }, ...request },
  };
}

/** The same request as its message, and as its handler gets it. */
function bothForms(request: object): readonly (readonly [form: string, request: AnyPermissionRequest])[] {
  const asMessage = message(request);
  const flat = toolPermissionRequest(asMessage);
  assert.ok(flat);
  return [
    ["message", asMessage],
    ["handler's request", flat],
  ];
}

function thrownBy(run: () => unknown): Error & { code?: string } {
  try {
    run();
  } catch (error) {
    return error as Error & { code?: string };
  }
  throw new Error("expected a refusal");
}

const success = (response: object) => ({ subtype: "success", request_id: "p1", response });

const answers = suite("permission: answers");

const rows: readonly (readonly [
  title: string,
  request: object,
  answer: (request: AnyPermissionRequest) => unknown,
  response: object,
])[] = [
  ["allow", {}, (request) => allow(request), { behavior: "allow", updatedInput: { command: "ls" } }],
  [
    "allow with another input",
    {},
    (request) => allow(request, { updatedInput: { command: "pwd" } }),
    { behavior: "allow", updatedInput: { command: "pwd" } },
  ],
  [
    "allow with an empty input",
    {},
    (request) => allow(request, { updatedInput: {} }),
    { behavior: "allow", updatedInput: {} },
  ],
  [
    "allow and change permissions",
    {},
    (request) => allow(request, { updatedPermissions: [RULE] }),
    { behavior: "allow", updatedInput: { command: "ls" }, updatedPermissions: [RULE] },
  ],
  ["deny", {}, (request) => deny(request, "no"), { behavior: "deny", message: "no" }],
  ["deny without words", {}, (request) => deny(request, ""), { behavior: "deny", message: "" }],
  [
    "deny and stop",
    {},
    (request) => denyAndStop(request, "stop"),
    { behavior: "deny", message: "stop", interrupt: true },
  ],
  [
    "remember what is suggested",
    { permission_suggestions: [RULE, MODE] },
    (request) => allowAndRemember(request),
    { behavior: "allow", updatedInput: { command: "ls" }, updatedPermissions: [RULE, MODE] },
  ],
  [
    "remember something else",
    { permission_suggestions: [RULE] },
    (request) => allowAndRemember(request, { updatedPermissions: [MODE], updatedInput: { command: "pwd" } }),
    { behavior: "allow", updatedInput: { command: "pwd" }, updatedPermissions: [MODE] },
  ],
];
for (const [title, fields, answer, response] of rows) {
  answers(title, () => {
    for (const [form, request] of bothForms(fields)) {
      const before = JSON.stringify(request);
      assert.equal(answer(request), success(response), form);
      assert.is(JSON.stringify(request), before, "the request stays as it was");
    }
  });
}

for (const suggestions of [undefined, null, []]) {
  answers(`nothing to remember in ${JSON.stringify(suggestions)}: nothing is allowed silently`, () => {
    for (const [, request] of bothForms({ permission_suggestions: suggestions })) {
      assert.is(thrownBy(() => allowAndRemember(request)).code, "INVALID_ARGUMENT");
      assert.is(
        thrownBy(() => allowAndRemember(request, { updatedPermissions: [] })).code,
        "INVALID_ARGUMENT",
      );
    }
  });
}

answers("the answer's input is a copy: the handler may change its own afterwards", () => {
  const updatedInput = { command: "pwd" };
  const answer = allow(message({}), { updatedInput });
  updatedInput.command = "rm";
  assert.equal(answer, success({ behavior: "allow", updatedInput: { command: "pwd" } }));
});

answers("an input with odd names goes back as it came", () => {
  const input = JSON.parse('{"__proto__":{"a":1},"constructor":"x","":0}') as object;
  const answer = allow(message({ input }));
  assert.is(JSON.stringify(answer.response?.updatedInput), JSON.stringify(input));
});

for (const [title, request] of [
  ["another subtype", { subtype: "hook_callback", callback_id: "c" }],
  ["no tool", { tool_name: undefined }],
  ["no input", { input: undefined }],
  ["an input that is no object", { input: "ls" }],
] as const) {
  answers(`${title} is no permission request`, () => {
    for (const answer of [allow, allowAndRemember, (given: AnyPermissionRequest) => deny(given, "no")]) {
      const error = thrownBy(() => answer(message(request)));
      assert.is(error.code, "INVALID_ARGUMENT");
      assert.match(error.message, "Not a permission request");
    }
  });
}

answers.run();

const questions = suite("permission: questions");

const ASKED = {
  tool_name: "AskUserQuestion",
  input: {
    questions: [
      { question: "Which colour?", header: "Colour", options: [{ label: "red" }, { label: "blue" }] },
      { question: "Which sizes?", multiSelect: true, options: [{ label: "S" }, { label: "L" }] },
    ],
    more: "stays",
  },
};

questions("answers are keyed by the question, and several labels are one text", () => {
  for (const [form, request] of bothForms(ASKED)) {
    const answer = answerQuestions(request, { "Which colour?": "red", "Which sizes?": ["S", "L"] });
    assert.equal(
      answer,
      success({
        behavior: "allow",
        updatedInput: { ...ASKED.input, answers: { "Which colour?": "red", "Which sizes?": "S, L" } },
      }),
      form,
    );
  }
});

questions("some may stay unanswered", () => {
  const answer = answerQuestions(message(ASKED), { "Which colour?": "blue" });
  assert.equal(answer.response?.updatedInput, { ...ASKED.input, answers: { "Which colour?": "blue" } });
});

for (const [title, request, given] of [
  ["a question that was not asked", ASKED, { "Which?": "x" }],
  ["a question's header", ASKED, { Colour: "red" }],
  ["another tool", {}, {}],
  ["a request without questions", { ...ASKED, input: {} }, { "Which colour?": "red" }],
  ["questions that are none", { ...ASKED, input: { questions: [null, 1] } }, { "Which colour?": "red" }],
] as const) {
  questions(`${title} is refused`, () => {
    const error = thrownBy(() => answerQuestions(message(request), given));
    assert.is(error.code, "INVALID_ARGUMENT");
  });
}

questions.run();

const others = suite("permission: requests that nobody takes");

others("a permission request is denied, for a reason that says what to do", () => {
  for (const request of [{}, { tool_name: undefined }, { input: undefined }]) {
    const answer = refuseUnattended(message(request)) as unknown as {
      response: { behavior: string; message: string };
    };
    assert.is(answer.response.behavior, "deny");
    assert.match(answer.response.message, "onToolApproval");
  }
});

others("any other is answered with an error that names it", () => {
  const answer = refuseUnattended(
    message({ subtype: "elicitation", tool_name: undefined, input: undefined }),
  );
  assert.is(answer.subtype, "error");
  assert.is(answer.request_id, "p1");
  assert.match(String(answer.error), '"elicitation"');
});

others.run();

const lazy = suite("permission: lazy input");

const LONG = "x".repeat(20_000);
/** So much input that all of it is one leaf. */
const EDITS = {
  edits: Array.from({ length: 200 }, (_, index) => ({ old_string: `${index}`, new_string: "new text" })),
};

function lazyRequest(input: object): ControlRequestMessage {
  return lazyMessage(message({ tool_name: "Write", input })).message as unknown as ControlRequestMessage;
}

function flatten(request: ControlRequestMessage): ToolPermissionRequest {
  const flat = toolPermissionRequest(request);
  assert.ok(flat);
  return flat;
}

lazy("a long string in the input stays lazy in the handler's form, and is its value when touched", () => {
  const request = lazyRequest({ file_path: "a", content: LONG });
  const flat = flatten(request);
  assert.ok(isLazy(flat.input, "content"));
  assert.is(flat.request_id, "p1");
  assert.ok(flat.input.content === LONG);
});

lazy("an input that is lazy as a whole is given by both forms", () => {
  const request = lazyRequest({ ...EDITS, content: LONG });
  const flat = flatten(request);
  assert.equal(flat.input, { ...EDITS, content: LONG });
  assert.is(flat.input, flat.input, "the same object each time");
  assert.equal(request.request.input, { ...EDITS, content: LONG });
});

lazy("denying touches nothing", () => {
  const request = lazyRequest({ ...EDITS, content: LONG });
  deny(request, "no");
  denyAndStop(request, "no");
  const inner = request.request as unknown as { input: object };
  const touched = isLazy(inner, "input")
    ? []
    : Object.keys(inner.input).filter((key) => !isLazy(inner.input, key));
  assert.equal(
    touched.filter((key) => key === "content"),
    [],
  );
});

lazy("a handler may replace its request's input, and read it back", () => {
  const request = lazyRequest({ ...EDITS, content: LONG });
  const flat = flatten(request);
  flat.input = { file_path: "b" };
  assert.equal(flat.input, { file_path: "b" });
  assert.equal(allow(flat), success({ behavior: "allow", updatedInput: { file_path: "b" } }));
});

lazy("allowing sends the whole input", () => {
  for (const input of [{ file_path: "a", content: LONG }, EDITS, { ...EDITS, content: LONG }]) {
    const sized = { ...input, filler: LONG };
    const answer = allow(flatten(lazyRequest(sized)));
    assert.is(JSON.stringify(answer), JSON.stringify(success({ behavior: "allow", updatedInput: sized })));
  }
});

lazy.run();
