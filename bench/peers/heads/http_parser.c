/* Peer http-parser: what its callbacks report is written down, nothing more. It also judges framing. */
#define HEAD_PEER_IN_C
#include "head_peer.h"

#include <http_parser.h>

typedef struct Parsed {
  HeadText target;
  size_t field_count;
  HeadText names[HEAD_FIELDS_MAX];
  HeadText values[HEAD_FIELDS_MAX];
} Parsed;

static int on_url(http_parser* parser, const char* at, size_t size) {
  ((Parsed*)parser->data)->target = (HeadText){at, size};
  return 0;
}

static int on_name(http_parser* parser, const char* at, size_t size) {
  Parsed* const parsed = (Parsed*)parser->data;
  if (parsed->field_count == HEAD_FIELDS_MAX) return -1;
  parsed->names[parsed->field_count] = (HeadText){at, size};
  return 0;
}

static int on_value(http_parser* parser, const char* at, size_t size) {
  Parsed* const parsed = (Parsed*)parser->data;
  parsed->values[parsed->field_count++] = (HeadText){at, size};
  return 0;
}

static int on_complete(http_parser* parser) {
  http_parser_pause(parser, 1); /* the head of a request without a body ends here */
  return 0;
}

static const http_parser_settings kSettings = {
    .on_url = on_url, .on_header_field = on_name, .on_header_value = on_value, .on_message_complete = on_complete};

/* Bytes of the head; 0 when it is refused or incomplete. */
static size_t parse(HeadText head, http_parser* parser, Parsed* parsed) {
  parsed->field_count = 0;
  http_parser_init(parser, HTTP_REQUEST);
  parser->data = parsed;
  const size_t size = http_parser_execute(parser, &kSettings, head.data, head.size);
  return HTTP_PARSER_ERRNO(parser) == HPE_PAUSED ? size : 0;
}

static int parse_head(HeadText head) {
  http_parser parser;
  Parsed parsed;
  const size_t size = parse(head, &parser, &parsed);
  HEAD_KEEP(&parsed);
  return size > 0;
}

int head_facts(HeadText head, HeadFacts* facts) {
  http_parser parser;
  Parsed parsed;
  const size_t size = parse(head, &parser, &parsed);
  if (size == 0) return 0;
  const char* const method = http_method_str((enum http_method)parser.method);
  facts->method = (HeadText){method, __builtin_strlen(method)};
  facts->target = parsed.target;
  facts->head_size = size;
  facts->field_count = parsed.field_count;
  for (size_t i = 0; i < parsed.field_count; ++i) {
    facts->names[i] = parsed.names[i];
    facts->values[i] = parsed.values[i];
  }
  return 1;
}
