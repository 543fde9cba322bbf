import fc from "fast-check";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { html, jsonData, Markup } from "../../../../bench/report/page/markup.js";
import { attribute, elementsIn, parsePage, textIn } from "../page-dom.js";

const markup = suite("markup");

const rows: [title: string, markup: Markup, expected: string][] = [
  ["escapes text", html`<p>${`<b>&"'`}</p>`, "<p>&lt;b&gt;&amp;&quot;&#39;</p>"],
  ["leaves markup as it is", html`<p>${html`<b>${"<"}</b>`}</p>`, "<p><b>&lt;</b></p>"],
  ["joins lists, nested ones too", html`${["a", [html`<br>`, "<"]]}`, "a<br>&lt;"],
  ["writes numbers, zero too", html`${0} ${1.5}`, "0 1.5"],
  ["leaves out what is not there", html`<p>${undefined}</p>`, "<p></p>"],
  ["takes verbatim what says so", html`${new Markup("<hr>")}`, "<hr>"],
];
for (const [title, { text }, expected] of rows) markup(title, () => assert.is(text, expected));

/** Without what a parser changes by the standard: NUL, carriage returns, halves of a pair. */
const text = fc.string({ unit: "binary" }).filter((value) => !/[\0\r\p{Surrogate}]/u.test(value));
const risky = fc
  .array(
    fc.constantFrom(
      "<",
      ">",
      "/",
      "&",
      "amp;",
      '"',
      "'",
      "</script>",
      "<script>",
      "<!--",
      "-->",
      "=",
      "${",
      "`",
      " ",
    ),
  )
  .map((parts) => parts.join(""));

markup("any text comes back from an element and from an attribute", () => {
  fc.assert(
    fc.property(fc.oneof(text, risky), (value) => {
      const { root } = parsePage(html`<!DOCTYPE html><title>t</title><p title="${value}">${value}</p>`.text);
      const [paragraph, ...others] = elementsIn(root, "p");
      assert.ok(paragraph);
      assert.equal(others, []);
      assert.is(textIn(paragraph), value);
      assert.is(attribute(paragraph, "title"), value);
    }),
  );
});

markup("any value comes back from a data script", () => {
  fc.assert(
    fc.property(fc.oneof(text, risky), (value) => {
      const { root } = parsePage(
        html`<!DOCTYPE html><title>t</title><script type="application/json">${jsonData({ value })}</script>`
          .text,
      );
      const scripts = elementsIn(root, "script");
      assert.is(scripts.length, 1);
      assert.equal(JSON.parse(scripts.map(textIn).join("")), { value });
    }),
  );
});

markup.run();
