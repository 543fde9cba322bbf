import { EventEmitter, getEventListeners } from "node:events";
import { setImmediate as nextTurn } from "node:timers/promises";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { onAbort } from "../src/abort-signal.js";

const signals = suite("abort-signal");

signals("any number of listeners is one to the signal, each is called once, in order", () => {
  const controller = new AbortController();
  const { signal } = controller;
  const called: number[] = [];
  for (let at = 0; at < 30; at++) onAbort(signal, () => called.push(at));
  assert.is(getEventListeners(signal, "abort").length, 1);
  controller.abort();
  assert.equal(
    called,
    Array.from({ length: 30 }, (_, at) => at),
  );
  assert.equal(getEventListeners(signal, "abort"), []);
});

signals("thirty waits on one signal are no warning of a leak", async () => {
  const warnings: string[] = [];
  const note = ({ name }: Error): void => void warnings.push(name);
  process.on("warning", note);
  const { signal } = new AbortController();
  const forget = Array.from({ length: EventEmitter.defaultMaxListeners * 3 }, () =>
    onAbort(signal, () => {}),
  );
  await nextTurn();
  for (const forgetOne of forget) forgetOne();
  process.off("warning", note);
  assert.equal(warnings, []);
});

signals("whoever is forgotten is not called, and the last one takes the signal's listener along", () => {
  const controller = new AbortController();
  const { signal } = controller;
  const called: string[] = [];
  const listener = (): void => void called.push("twice");
  const forgetFirst = onAbort(signal, listener);
  const forgetSecond = onAbort(signal, listener);
  forgetFirst();
  forgetFirst();
  assert.is(getEventListeners(signal, "abort").length, 1, "the same function listens a second time");
  forgetSecond();
  assert.equal(getEventListeners(signal, "abort"), []);
  onAbort(signal, () => called.push("later"));
  controller.abort();
  assert.equal(called, ["later"]);
});

signals("one that another forgets while being called is not called", () => {
  const controller = new AbortController();
  const called: string[] = [];
  let forget = (): void => {};
  onAbort(controller.signal, () => {
    called.push("first");
    forget();
  });
  forget = onAbort(controller.signal, () => called.push("second"));
  controller.abort();
  assert.equal(called, ["first"]);
});

signals("a signal that has fired already calls back at once", () => {
  const signal = AbortSignal.abort();
  let called = 0;
  const forget = onAbort(signal, () => {
    called += 1;
  });
  forget();
  assert.is(called, 1);
  assert.equal(getEventListeners(signal, "abort"), []);
});

signals.run();
