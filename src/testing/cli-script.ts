/** What a generated frame is: an `assistant` text, a `user` tool result with a JSON tree, or a text delta. */
export type FloodKind = "text" | "structured" | "stream_event";

/** Generated frames; the same options always give the same payloads. */
export interface FloodOptions {
  /** Number of frames. */
  readonly count: number;
  /** Bytes of each frame with its line feed; never less than its envelope (about 300) needs. */
  readonly bytes: number;
  /** Default `text`. */
  readonly kind?: FloodKind;
  /** Default 1. */
  readonly seed?: number;
  /** Small frames are gathered into writes of about this many bytes; default 65,536. */
  readonly writeChunk?: number;
}

/** The answer to a control request of the host. */
export type ControlAnswer =
  | { readonly kind: "success"; readonly response: unknown }
  | { readonly kind: "error"; readonly message: string; readonly code?: string }
  | { readonly kind: "ignore" };

/** One thing that the stand-in does; plain data, made by `emit`, `turn` and their like. */
export type CliStep =
  | { readonly do: "raw"; readonly text: string }
  | { readonly do: "bytes"; readonly base64: string }
  | { readonly do: "line"; readonly json: string }
  | { readonly do: "frame"; readonly frame: Readonly<Record<string, unknown>> }
  | { readonly do: "init" }
  | { readonly do: "assistant"; readonly content: string | readonly unknown[] }
  | { readonly do: "streamText"; readonly text: string; readonly chunkSize: number; readonly delayMs: number }
  | { readonly do: "result"; readonly fields: Readonly<Record<string, unknown>> }
  | { readonly do: "echo" }
  | { readonly do: "steps"; readonly steps: readonly CliStep[] }
  | ({ readonly do: "flood" } & Required<FloodOptions>)
  | { readonly do: "permission"; readonly request: PermissionScript }
  | { readonly do: "request"; readonly subtype: string; readonly fields: Readonly<Record<string, unknown>> }
  | { readonly do: "stderr"; readonly text: string }
  | { readonly do: "stderrFlood"; readonly bytes: number }
  | { readonly do: "sleep"; readonly ms: number }
  | { readonly do: "exit"; readonly code: number }
  | { readonly do: "kill"; readonly signal: NodeJS.Signals }
  | { readonly do: "writeInChunks"; readonly size: number; readonly pauseMs: number }
  | { readonly do: "lineEnding"; readonly ending: "\n" | "\r\n" }
  | { readonly do: "grandchild"; readonly ignoreSigterm: boolean }
  | { readonly do: "mode"; readonly mode: CliMode };

/** A lasting change of the stand-in's behaviour. */
export type CliMode =
  | "ignoreEof"
  | "ignoreSigterm"
  | "stopReadingStdin"
  | "silence"
  | "closeStdout"
  | "echoStdin";

/** What `requestPermission` asks, and how it goes on. */
export interface PermissionScript {
  readonly toolName: string;
  readonly input: Readonly<Record<string, unknown>>;
  readonly toolUseId?: string;
  /** More fields of the `can_use_tool` request; `permission_suggestions` has a default, a rule for the tool. */
  readonly fields?: Readonly<Record<string, unknown>>;
  /** Steps after the tool was allowed; default: a tool result that names the tool and the input it ran with. */
  readonly onAllow?: readonly CliStep[];
  /** Steps after the tool was denied; default: an error result with the host's message. */
  readonly onDeny?: readonly CliStep[];
}

/** A reaction to what the host sends; made by `onUser`, `onPrompt` and `onControl`. */
export type CliRule =
  | { readonly on: "user"; readonly containing: string; readonly replies: readonly CliStep[] }
  | {
      readonly on: "control";
      readonly subtype: string;
      readonly answer: ControlAnswer;
      readonly delayMs: number;
    };

/** Steps run at once, in order; rules apply for the whole life of the process, wherever they stand. */
export type CliScript = readonly (CliStep | CliRule)[];

/** A reply to a user message: a string is a whole turn with that text. */
export type CliReply = string | CliStep | readonly CliStep[];
