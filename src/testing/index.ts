/**
 * `claude-offthread/testing`: run the real CLI without an account, and your own code without the CLI.
 *
 * - {@link startScriptedModel} is a Messages API on 127.0.0.1 that answers from a script;
 * - {@link offlineEnv} is the environment of a CLI that can reach nothing but that;
 * - {@link scriptedCli} is a launch spec for a stand-in `claude` that speaks the wire from a script.
 */

export type {
  CliReply,
  CliRule,
  CliScript,
  CliStep,
  ControlAnswer,
  FloodKind,
  FloodOptions,
  PermissionScript,
} from "./cli-script.js";
export {
  type ApiErrorOptions,
  apiError,
  type DropReply,
  dropConnection,
  type ErrorReply,
  type HangReply,
  hang,
  type MessageReply,
  type ModelReply,
  type ReplyBlock,
  type ReplyOptions,
  type ReplyUsage,
  reply,
  type StreamPace,
  type TextBlock,
  type ThinkingBlock,
  type ToolUseBlock,
  text,
  thinking,
  toolUse,
} from "./model-reply.js";
export {
  type MessagesBody,
  type ModelRequest,
  promptOf,
  type RequestBlock,
  type RequestKind,
  type RequestMessage,
  stepOf,
  toolResultsOf,
} from "./model-request.js";
export type { ModelResponder, ModelRule, ModelScript } from "./model-script.js";
export { type OfflineEnv, type OfflineEnvOptions, offlineEnv } from "./offline-env.js";
export type { WantedRequest } from "./request-log.js";
export { controlError, onControl, onPrompt, onUser } from "./script-rules.js";
export {
  assistant,
  bigFrame,
  closeStdout,
  crashMidFrame,
  echo,
  echoStdin,
  emit,
  exit,
  flood,
  frame,
  ignoreEof,
  ignoreSigterm,
  init,
  kill,
  lineEnding,
  requestHost,
  requestPermission,
  result,
  silence,
  sleep,
  spawnGrandchild,
  stderr,
  stopReadingStdin,
  streamText,
  turn,
  writeInChunks,
} from "./script-steps.js";
export { type ScriptedCliOptions, scriptedCli } from "./scripted-cli.js";
export { type ScriptedModel, type ScriptedModelOptions, startScriptedModel } from "./scripted-model.js";
