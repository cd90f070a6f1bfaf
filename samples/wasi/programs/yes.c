/* SPDX-License-Identifier: Apache-2.0 */

/* Says so for ever. */

#include <stdio.h>

int main(void)
{
	while (puts("yes") != EOF) {
	}
	return 1;
}
