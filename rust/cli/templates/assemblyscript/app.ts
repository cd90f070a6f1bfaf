// An app for zephyr-wasm.

// The functions of wit/log.wit and wit/clocks.wit. A text is a pointer and how many bytes it has.
@external("wasi:logging/logging@0.1.0-draft", "log")
declare function log(level: i32, context: usize, contextSize: usize, text: usize, size: usize): void;
@external("wasi:clocks/monotonic-clock@0.3.0", "wait-for")
declare function waitFor(nanoseconds: u64): void;

function info(text: string): void {
  const bytes = String.UTF8.encode(text);
  log(2, 0, 0, changetype<usize>(bytes), bytes.byteLength);
}

export function run(): i32 {
  const texts = ["hello, 1", "hello, 2", "hello, 3"];
  for (let i = 0; i < texts.length; i++) {
    info(texts[i]);
    waitFor(10000000);
  }
  return 0;
}
