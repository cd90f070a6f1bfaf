/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * A parser by recursive descent: what a device's configuration in JSON has, 20 times.
 */

#include <stdint.h>

#define ROUNDS 20

static const char document[] =
	"{ \"device\": \"north-field-12\", \"period_ms\": 250, \"enabled\": true,\n"
	"  \"limits\": { \"low\": -40, \"high\": 85, \"unit\": \"\\u00b0C\" },\n"
	"  \"channels\": [\n"
	"    { \"id\": 1, \"gain\": 16, \"name\": \"inlet\", \"taps\": [1, 4, 6, 4, 1] },\n"
	"    { \"id\": 2, \"gain\": 8, \"name\": \"outlet \\\"b\\\"\", \"taps\": [2, 5, 2] },\n"
	"    { \"id\": 7, \"gain\": 1, \"name\": \"ambient\", \"taps\": [], \"spare\": null }\n"
	"  ],\n"
	"  \"upload\": { \"host\": \"collector.example\", \"port\": 5684, \"retry\": [1, 10, 60, "
	"600] } }";

struct parser {
	const char *next;
	/* What there was, mixed into one number. */
	uint32_t digest;
};

static void mix(struct parser *parser, uint32_t value)
{
	parser->digest = parser->digest * 33 + value;
}

static void skip_spaces(struct parser *parser)
{
	while (*parser->next == ' ' || *parser->next == '\n') {
		parser->next++;
	}
}

static void parse_string(struct parser *parser)
{
	parser->next++;
	while (*parser->next != '"' && *parser->next != '\0') {
		if (*parser->next == '\\') {
			parser->next++;
		}
		mix(parser, (uint8_t)*parser->next++);
	}
	parser->next++;
}

static void parse_number(struct parser *parser)
{
	int32_t number = 0;
	int32_t sign = 1;

	if (*parser->next == '-') {
		sign = -1;
		parser->next++;
	}
	while (*parser->next >= '0' && *parser->next <= '9') {
		number = number * 10 + (*parser->next++ - '0');
	}
	mix(parser, (uint32_t)(sign * number));
}

static void parse_value(struct parser *parser);

/* What stands between brackets or braces, with commas. */
static void parse_members(struct parser *parser, char end)
{
	parser->next++;
	skip_spaces(parser);
	while (*parser->next != end && *parser->next != '\0') {
		parse_value(parser);
		skip_spaces(parser);
		if (*parser->next == ':') {
			parser->next++;
			parse_value(parser);
			skip_spaces(parser);
		}
		if (*parser->next == ',') {
			parser->next++;
			skip_spaces(parser);
		}
	}
	parser->next++;
	mix(parser, (uint8_t)end);
}

static void parse_value(struct parser *parser)
{
	skip_spaces(parser);
	switch (*parser->next) {
	case '{':
		parse_members(parser, '}');
		break;
	case '[':
		parse_members(parser, ']');
		break;
	case '"':
		parse_string(parser);
		break;
	case 't':
	case 'f':
	case 'n':
		while (*parser->next >= 'a' && *parser->next <= 'z') {
			mix(parser, (uint8_t)*parser->next++);
		}
		break;
	default:
		parse_number(parser);
	}
}

int32_t BENCHMARK(void)
{
	struct parser parser = {.digest = 5381};

	for (int round = 0; round < ROUNDS; round++) {
		parser.next = document;
		parse_value(&parser);
	}
	return *parser.next == '\0' ? (int32_t)parser.digest : -1;
}
