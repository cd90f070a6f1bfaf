# SPDX-License-Identifier: Apache-2.0

# Writes an app that adds one to each of 24 numbers so many times, and returns how many of them are wrong at the end. Without
# calls, a compiler keeps all of them in registers of a floating-point unit.
function(write_floats file seed rounds)
  set(locals "")
  set(begin "")
  set(round "")
  set(wrong "(i32.const 0)")
  foreach(number RANGE 1 24)
    math(EXPR first "${number} * ${seed}")
    math(EXPR last "${first} + ${rounds}")
    string(APPEND locals "    (local $x${number} f32)\n")
    string(APPEND begin "    (local.set $x${number} (f32.const ${first}))\n")
    string(APPEND round "      (local.set $x${number} (f32.add (local.get $x${number}) (f32.const 1)))\n")
    set(wrong "(i32.add ${wrong}\n      (f32.ne (local.get $x${number}) (f32.const ${last})))")
  endforeach()
  file(CONFIGURE OUTPUT ${file} @ONLY CONTENT [=[
(module
  (func (export "run") (result i32)
    (local $left i32)
@locals@    (local.set $left (i32.const @rounds@))
@begin@    (loop $more
@round@      (br_if $more (local.tee $left (i32.sub (local.get $left) (i32.const 1)))))
    @wrong@))
]=])
endfunction()
