/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * Follows a pointer that nobody has set.
 */

#include <string.h>

#include "app.h"

struct node {
	struct node *next;
	int value;
};

static char note[] = "the parser was here";

static int last_of(const struct node *node)
{
	while (node->next != 0) {
		node = node->next;
	}
	return node->value;
}

int32_t exports_app_run(void)
{
	static struct node nodes[2];

	memcpy(note, "THE", 3);
	nodes[0].next = &nodes[1];
	nodes[1].next = (struct node *)0x7fffff00;
	return last_of(nodes);
}
