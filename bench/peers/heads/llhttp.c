/* Peers llhttp and llhttp-portable: what its callbacks report is written down, nothing more. It also judges framing. */
#define HEAD_PEER_IN_C
#include "head_peer.h"

#include <llhttp.h>

typedef struct Parsed {
  HeadText target;
  size_t field_count;
  HeadText names[HEAD_FIELDS_MAX];
  HeadText values[HEAD_FIELDS_MAX];
} Parsed;

static int on_url(llhttp_t* parser, const char* at, size_t size) {
  ((Parsed*)parser->data)->target = (HeadText){at, size};
  return 0;
}

static int on_name(llhttp_t* parser, const char* at, size_t size) {
  Parsed* const parsed = (Parsed*)parser->data;
  if (parsed->field_count == HEAD_FIELDS_MAX) return -1;
  parsed->names[parsed->field_count] = (HeadText){at, size};
  return 0;
}

static int on_value(llhttp_t* parser, const char* at, size_t size) {
  Parsed* const parsed = (Parsed*)parser->data;
  parsed->values[parsed->field_count++] = (HeadText){at, size};
  return 0;
}

static int on_complete(llhttp_t* parser) {
  (void)parser;
  return HPE_PAUSED; /* the head of a request without a body ends here */
}

static const llhttp_settings_t kSettings = {
    .on_url = on_url, .on_header_field = on_name, .on_header_value = on_value, .on_message_complete = on_complete};

static int parse(HeadText head, llhttp_t* parser, Parsed* parsed) {
  parsed->field_count = 0;
  llhttp_init(parser, HTTP_REQUEST, &kSettings);
  parser->data = parsed;
  return llhttp_execute(parser, head.data, head.size) == HPE_PAUSED;
}

static int parse_head(HeadText head) {
  llhttp_t parser;
  Parsed parsed;
  const int accepted = parse(head, &parser, &parsed);
  HEAD_KEEP(&parsed);
  return accepted;
}

int head_facts(HeadText head, HeadFacts* facts) {
  llhttp_t parser;
  Parsed parsed;
  if (!parse(head, &parser, &parsed)) return 0;
  const char* const method = llhttp_method_name((llhttp_method_t)llhttp_get_method(&parser));
  facts->method = (HeadText){method, __builtin_strlen(method)};
  facts->target = parsed.target;
  facts->head_size = (size_t)(llhttp_get_error_pos(&parser) - head.data);
  facts->field_count = parsed.field_count;
  for (size_t i = 0; i < parsed.field_count; ++i) {
    facts->names[i] = parsed.names[i];
    facts->values[i] = parsed.values[i];
  }
  return 1;
}
