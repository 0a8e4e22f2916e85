/* Peers picohttpparser and picohttpparser-portable: request line and fields, no meaning. */
#define HEAD_PEER_IN_C
#include "head_peer.h"

#include <picohttpparser.h>

typedef struct Parsed {
  HeadText method;
  HeadText target;
  size_t field_count;
  struct phr_header fields[HEAD_FIELDS_MAX];
  int head_size; /* negative when refused or incomplete */
} Parsed;

static void parse(HeadText head, Parsed* parsed) {
  int minor_version = 0;
  parsed->field_count = HEAD_FIELDS_MAX;
  parsed->head_size =
      phr_parse_request(head.data, head.size, &parsed->method.data, &parsed->method.size, &parsed->target.data,
                        &parsed->target.size, &minor_version, parsed->fields, &parsed->field_count, 0);
}

static int parse_head(HeadText head) {
  Parsed parsed;
  parse(head, &parsed);
  HEAD_KEEP(&parsed);
  return parsed.head_size > 0;
}

int head_facts(HeadText head, HeadFacts* facts) {
  Parsed parsed;
  parse(head, &parsed);
  if (parsed.head_size <= 0) return 0;
  facts->method = parsed.method;
  facts->target = parsed.target;
  facts->head_size = (size_t)parsed.head_size;
  facts->field_count = parsed.field_count;
  for (size_t i = 0; i < parsed.field_count; ++i) {
    facts->names[i] = (HeadText){parsed.fields[i].name, parsed.fields[i].name_len};
    facts->values[i] = (HeadText){parsed.fields[i].value, parsed.fields[i].value_len};
  }
  return 1;
}
