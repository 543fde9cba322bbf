import { suite } from "uvu";
import * as assert from "uvu/assert";
import { imageBlock, imageMediaTypes } from "../../src/protocol/index.js";
import { refusal } from "./thrown.js";

const image = suite("image block");

for (const mediaType of imageMediaTypes) {
  image(`${mediaType} by its bytes`, () => {
    assert.is(
      JSON.stringify(imageBlock({ data: "aGk=", mediaType })),
      `{"type":"image","source":{"type":"base64","media_type":"${mediaType}","data":"aGk="}}`,
    );
  });
}

image("by URL", () => {
  assert.equal(imageBlock({ url: "https://example.org/a.png" }), {
    type: "image",
    source: { type: "url", url: "https://example.org/a.png" },
  });
});

const png = "image/png";

for (const data of ["aGk=", "aGkh", "YQ==", "YQ", "aGk", "+/+/", "A".repeat(1_000_000)]) {
  image(`base64 of ${data.length} characters, ${data.slice(0, 8)}`, () => {
    assert.equal(imageBlock({ data, mediaType: png }).source, { type: "base64", media_type: png, data });
  });
}

const refused: readonly [name: string, input: unknown, message: RegExp][] = [
  [
    "svg",
    { data: "aGk=", mediaType: "image/svg+xml" },
    /image\/svg\+xml.*Use one of image\/jpeg, image\/png/,
  ],
  ["jpg", { data: "aGk=", mediaType: "image/jpg" }, /image\/jpg/],
  ["upper case", { data: "aGk=", mediaType: "IMAGE/PNG" }, /Use one of/],
  ["no media type", { data: "aGk=" }, /undefined.*Use one of/],
  ["no data", { mediaType: png }, /non-empty base64/],
  ["empty data", { data: "", mediaType: png }, /non-empty base64/],
  ["bytes", { data: new Uint8Array(3), mediaType: png }, /base64 string/],
  ["a data URL", { data: "data:image/png;base64,aGk=", mediaType: png }, /data URL/],
  ["a line break", { data: "aGkh\naGk=", mediaType: png }, /"\\n" at position 4/],
  ["the URL-safe alphabet", { data: "a-k_", mediaType: png }, /"-" at position 1/],
  ["padding inside", { data: "aG=kaGk=", mediaType: png }, /"=" at position 2/],
  ["too much padding", { data: "a===", mediaType: png }, /"=" at position 1/],
  ["padding alone", { data: "==", mediaType: png }, /cut somewhere/],
  ["a character that was cut off", { data: "aGkha", mediaType: png }, /cut somewhere/],
  ["padding that does not add up", { data: "aGkh=", mediaType: png }, /cut somewhere/],
  ["a file URL", { url: "file:///a.png" }, /http/],
  ["a URL without a host", { url: "https://" }, /http/],
  ["a URL that is none", { url: "a.png" }, /http/],
  ["a URL that is no string", { url: 7 }, /http/],
];

for (const [name, input, message] of refused) {
  image(`refused: ${name}`, () => {
    assert.match(
      refusal(() => imageBlock(input as { url: string })),
      message,
    );
  });
}

image("what is refused is not quoted at length", () => {
  const data = `${"A".repeat(5000)}?`;
  assert.ok(refusal(() => imageBlock({ data, mediaType: png })).length < 200);
});

image.run();
