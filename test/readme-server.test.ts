/** The README's server, as it stands there, under a real client of server-sent events and on the real CLI. */

import { once } from "node:events";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { transform } from "esbuild";
import { EventSource } from "eventsource";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import type { ClientOptions } from "../src/index.js";
import { text } from "../src/testing/index.js";
import { bash, ECHO } from "./client/real-cli/turns.js";
import { assertNothingLeft, startRealCli, until } from "./support/real-cli.js";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
/** Inside the package, so that "claude-offthread" means this package. */
const folder = mkdtempSync(join(ROOT, "dist/readme-server-"));

const example = suite("the README's server");
example.after(() => rmSync(folder, { recursive: true, force: true }));

async function readmeServer(): Promise<(options: ClientOptions) => Server> {
  const readme = readFileSync(join(ROOT, "README.md"), "utf8");
  const block = [...readme.matchAll(/^```ts\n([\s\S]*?)^```$/gm)].find(([, code]) =>
    code?.includes("agentServer"),
  );
  const { code } = await transform(block?.[1] ?? "", { loader: "ts" });
  const file = join(folder, "server.mjs");
  writeFileSync(file, code);
  const { agentServer } = (await import(pathToFileURL(file).href)) as {
    agentServer: (options: ClientOptions) => Server;
  };
  return agentServer;
}

/** What a page hears of an answer. */
interface Heard {
  readonly text: string;
  readonly pieces: number;
  readonly approvals: readonly unknown[];
  readonly outcome: unknown;
}

/** Asks as the page does; `allow` is the user's decision about tools. */
function ask(url: string, query: Record<string, string>, allow: boolean): Promise<Heard> {
  const pieces: string[] = [];
  const approvals: unknown[] = [];
  const events = new EventSource(`${url}/ask?${new URLSearchParams(query)}`);
  return new Promise((resolve, reject) => {
    events.onerror = (error) => reject(new Error(`the stream broke: ${error.message}`));
    events.addEventListener("text", ({ data }) => pieces.push(JSON.parse(data)));
    events.addEventListener("approval", ({ data }) => {
      const { id, tool } = JSON.parse(data);
      approvals.push(tool);
      const decision = new URLSearchParams({ chat: query.chat ?? "", id, allow: String(allow) });
      fetch(`${url}/decide?${decision}`, { method: "POST" }).catch(reject);
    });
    events.addEventListener("done", ({ data }) => {
      events.close();
      resolve({ text: pieces.join(""), pieces: pieces.length, approvals, outcome: JSON.parse(data) });
    });
  });
}

example(
  "streams answers, asks for approvals, remembers a chat, and survives a page that leaves",
  async () => {
    const story = "once upon a time ".repeat(50);
    await using cli = await startRealCli([
      { when: "story", reply: text(story, { chunkSize: 100 }) },
      { when: "allowed", reply: [bash("touch made-by-page"), "It is done."] },
      { when: "refused", reply: [bash("touch not-made"), "As you like."] },
      { when: "endless", reply: text("word ".repeat(400), { chunkSize: 5, delayMs: 20 }) },
      ECHO,
    ]);
    const agentServer = await readmeServer();
    const server = agentServer({ builder: cli.builder.includePartialMessages() });
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

    assert.match(await (await fetch(url)).text(), "EventSource");
    assert.is((await fetch(`${url}/nowhere`)).status, 404);

    const told = await ask(url, { chat: "one", prompt: "a story" }, true);
    assert.is(told.text, story);
    assert.ok(told.pieces > 3, "it came in pieces");
    assert.is(told.outcome, "success");

    const allowed = await ask(url, { chat: "one", prompt: "allowed" }, true);
    assert.equal([allowed.text.includes("It is done."), allowed.approvals], [true, ["Bash"]]);
    assert.ok(existsSync(join(cli.offline.cwd, "made-by-page")));
    const refused = await ask(url, { chat: "one", prompt: "refused" }, false);
    assert.equal([refused.text.includes("As you like."), refused.approvals], [true, ["Bash"]]);
    assert.not.ok(existsSync(join(cli.offline.cwd, "not-made")));
    assert.match(JSON.stringify(cli.model.mainRequests.at(-1)?.body.messages), "a story");

    const left = new EventSource(`${url}/ask?${new URLSearchParams({ chat: "one", prompt: "endless" })}`);
    await new Promise((resolve) => left.addEventListener("text", resolve, { once: true }));
    left.close();
    assert.is((await ask(url, { chat: "one", prompt: "still there?" }, true)).text, "echo: still there?");
    assert.is((await ask(url, { chat: "two", prompt: "hello" }, true)).text, "echo: hello");

    server.close();
    server.closeAllConnections();
    await until("the end of the clients", () => {
      try {
        assertNothingLeft();
        return true;
      } catch {
        return undefined;
      }
    });
  },
);

example.run();
