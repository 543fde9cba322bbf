import { InvalidArgumentError } from "../errors.js";
import { apiError, type ModelReply, type NormalizedReply, normalizeReply } from "./model-reply.js";
import { type ModelRequest, promptOf, stepOf } from "./model-request.js";

/** Computes the reply to a request. */
export type ModelResponder = (request: ModelRequest) => ModelReply | Promise<ModelReply>;

/** Replies to the prompts that it matches. */
export interface ModelRule {
  /**
   * A string that the prompt contains (`""` matches every prompt), an expression that it matches, or a
   * predicate on the whole request.
   */
  readonly when: string | RegExp | ((request: ModelRequest) => boolean);
  /**
   * One reply for every matching request, or a list that is indexed by the step within the turn: the first
   * for the prompt, the second after its tool call, and so on. A list keeps no state, so any number of
   * conversations can run over it at once.
   */
  readonly reply: ModelReply | readonly ModelReply[] | ModelResponder;
}

/**
 * What the model says, in one of four forms:
 * - a list of replies, taken in order by main requests, retries included;
 * - a list of rules, the first that matches the prompt answers;
 * - a function of the request;
 * - a single reply, given to every request.
 */
export type ModelScript = ModelReply | readonly ModelReply[] | readonly ModelRule[] | ModelResponder;

/** Turns a script into a function that answers main requests; it never throws. */
export function compileScript(script: ModelScript): (request: ModelRequest) => Promise<NormalizedReply> {
  const respond = responderOf(script);
  return async (request) => {
    try {
      return normalizeReply(await respond(request));
    } catch (error) {
      return scriptError(`the script threw: ${error instanceof Error ? error.message : String(error)}`);
    }
  };
}

function responderOf(script: ModelScript): ModelResponder {
  if (typeof script === "function") return script;
  if (isList(script)) {
    const entries: readonly (ModelReply | ModelRule)[] = script;
    const rules = entries.filter(isRule);
    if (rules.length === 0) return orderedResponder(entries.filter(isReply));
    if (rules.length === entries.length) return rulesResponder(rules);
    throw new InvalidArgumentError("a model script is a list of replies or a list of rules, not a mixture");
  }
  return () => script;
}

function orderedResponder(replies: readonly ModelReply[]): ModelResponder {
  const left = [...replies];
  return () => left.shift() ?? scriptError(`the script has no reply ${replies.length + 1}`);
}

function rulesResponder(rules: readonly ModelRule[]): ModelResponder {
  return (request) => {
    const prompt = promptOf(request);
    const rule = rules.find(({ when }) => matches(when, prompt, request));
    if (rule === undefined)
      return scriptError(`no rule matches the prompt ${JSON.stringify(prompt.slice(0, 200))}`);
    if (typeof rule.reply === "function") return rule.reply(request);
    if (!isList(rule.reply)) return rule.reply;
    const step = stepOf(request);
    return (
      rule.reply[step] ?? scriptError(`the rule has no reply ${step + 1}; it holds ${rule.reply.length}`)
    );
  };
}

function matches(when: ModelRule["when"], prompt: string, request: ModelRequest): boolean {
  if (typeof when === "function") return when(request);
  if (typeof when === "string") return prompt.includes(when);
  when.lastIndex = 0;
  return when.test(prompt);
}

function isList(value: unknown): value is readonly unknown[] {
  return Array.isArray(value);
}

function isRule(entry: ModelReply | ModelRule): entry is ModelRule {
  return typeof entry === "object" && "when" in entry;
}

function isReply(entry: ModelReply | ModelRule): entry is ModelReply {
  return !isRule(entry);
}

/** 400, which the CLI repeats a few times with fewer features, but without waiting: a hole shows at once. */
function scriptError(what: string): NormalizedReply {
  return apiError(400, { message: `scripted model: ${what}` });
}
