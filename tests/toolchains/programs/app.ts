// SPDX-License-Identifier: Apache-2.0
//
// An app in AssemblyScript. What is outside of functions runs in the module's start function.

@external("wasi:logging/logging@0.1.0-draft", "log")
declare function log(level: i32, context: usize, contextSize: usize, text: usize, size: usize): void;

const composite = new StaticArray<bool>(1000);
let primes = 0;

for (let number = 2; number < composite.length; number++) {
  if (composite[number]) continue;
  primes++;
  for (let multiple = number * 2; multiple < composite.length; multiple += number) composite[multiple] = true;
}

export function run(): i32 {
  const text = String.UTF8.encode("counted");
  log(2, 0, 0, changetype<usize>(text), text.byteLength);
  return primes;
}
