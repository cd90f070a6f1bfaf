/* SPDX-License-Identifier: Apache-2.0 */

/* Takes a value out of a JSON document by its pointer (RFC 6901), or says where the document is
 * wrong. */

#include <stdio.h>
#include <stdlib.h>

#include "yyjson.h"

int main(int argc, char **argv)
{
	static char document[4096];
	size_t size = fread(document, 1, sizeof(document), stdin);
	yyjson_read_err wrong;
	yyjson_doc *parsed = yyjson_read_opts(document, size, 0, NULL, &wrong);
	yyjson_val *found;
	char *text;

	if (parsed == NULL) {
		fprintf(stderr, "json: byte %u: %s\n", (unsigned int)wrong.pos, wrong.msg);
		return 2;
	}
	found = yyjson_doc_get_pointer(parsed, argc > 1 ? argv[1] : "");
	text = found == NULL ? NULL : yyjson_val_write(found, YYJSON_WRITE_NOFLAG, NULL);
	if (text == NULL) {
		return 1;
	}
	puts(text);
	return 0;
}
