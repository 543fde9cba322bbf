import { spawn } from "node:child_process";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { findClaude } from "../../src/launch/index.js";
import { inTemporaryFolder } from "./temporary.js";

/** What a run of the real CLI left behind. */
export interface CliRun {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
  /** The first `system/init` frame, if a turn began. */
  readonly init: Record<string, unknown> | undefined;
}

/**
 * Runs the real CLI, cut off from the network: environment made from nothing, an API on loopback that refuses
 * every request. With `ask`, one user message is sent and its result awaited; else stdin is empty.
 */
export async function runRealCli(
  args: readonly string[],
  options: { ask?: boolean; env?: Record<string, string> } = {},
): Promise<CliRun> {
  const { path } = await findClaude({ env: {} });
  const api = createServer((_request, response) => {
    response.writeHead(400, { "content-type": "application/json" });
    response.end('{"type":"error","error":{"type":"invalid_request_error","message":"scripted"}}');
  });
  await new Promise<void>((done) => api.listen(0, "127.0.0.1", done));
  const { port } = api.address() as AddressInfo;
  try {
    return await inTemporaryFolder((home) => runIn(home, port, path, args, options));
  } finally {
    api.closeAllConnections();
    api.close();
  }
}

function runIn(
  home: string,
  port: number,
  path: string,
  args: readonly string[],
  options: { ask?: boolean; env?: Record<string, string> },
): Promise<CliRun> {
  const child = spawn(path, args, {
    cwd: home,
    timeout: 30_000,
    killSignal: "SIGKILL",
    env: {
      PATH: "/usr/bin:/bin",
      HOME: home,
      CLAUDE_CONFIG_DIR: `${home}/.claude`,
      ANTHROPIC_BASE_URL: `http://127.0.0.1:${port}`,
      ANTHROPIC_API_KEY: "dummy",
      DISABLE_TELEMETRY: "1",
      DISABLE_AUTOUPDATER: "1",
      CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: "1",
      HTTP_PROXY: "http://127.0.0.1:9",
      HTTPS_PROXY: "http://127.0.0.1:9",
      NO_PROXY: "127.0.0.1",
      ...options.env,
    },
  });
  let stdout = "";
  let stderr = "";
  child.stdin.on("error", () => undefined);
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    stdout += text;
    if (stdout.includes('"type":"result"')) child.stdin.end();
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    stderr += text;
  });
  const message = { type: "user", message: { role: "user", content: [{ type: "text", text: "hi" }] } };
  if (options.ask === true) child.stdin.write(`${JSON.stringify(message)}\n`);
  else child.stdin.end();
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (exitCode) => {
      resolve({ exitCode, stdout, stderr, init: options.ask === true ? initFrame(stdout) : undefined });
    });
  });
}

function initFrame(stdout: string): Record<string, unknown> | undefined {
  const line = stdout.split("\n").find((text) => text.includes('"subtype":"init"'));
  return line === undefined ? undefined : JSON.parse(line);
}
