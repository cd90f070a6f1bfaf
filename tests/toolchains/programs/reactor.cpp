// SPDX-License-Identifier: Apache-2.0
//
// An app in C++ whose constructor has to run before anything else of it: `_initialize` of a reactor
// does that.

#include "primes.h"

namespace
{

struct Counted {
	int primes;

	Counted() : primes(count_primes())
	{
	}
};

Counted counted;

} // namespace

extern "C" __attribute__((export_name("run"))) int run()
{
	return counted.primes;
}
