/* A head parser as a shared object, loaded into the native worker: what it exports, and the loop that is timed. The
 * loop is compiled with the parser, as ours is with the inspector. Each peer includes this and defines `head_facts` and
 * `parse_head`; peers in other languages export the same two functions. */
#ifndef OSTIARY_BENCH_HEAD_PEER_H
#define OSTIARY_BENCH_HEAD_PEER_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

enum { HEAD_FIELDS_MAX = 128 };

typedef struct HeadText {
  const char* data;
  size_t size;
} HeadText;

/* What is compared before anything is timed. The texts borrow the head. */
typedef struct HeadFacts {
  HeadText method;
  HeadText target;
  size_t head_size; /* bytes, with the empty line */
  size_t field_count;
  HeadText names[HEAD_FIELDS_MAX];
  HeadText values[HEAD_FIELDS_MAX];
} HeadFacts;

/* 1 when the head is accepted and complete. Not timed. */
__attribute__((visibility("default"))) int head_facts(HeadText head, HeadFacts* facts);

/* Goes over the heads `rounds` times. How many were accepted. */
__attribute__((visibility("default"))) uint64_t head_run(const HeadText* heads, size_t count, uint64_t rounds);

#ifdef HEAD_PEER_IN_C
/* Parses once; whatever it fills must be used up by HEAD_KEEP. */
static int parse_head(HeadText head);

/* Makes the compiler believe that somebody reads what `pointer` points to. */
#define HEAD_KEEP(pointer) __asm__ volatile("" : : "r"(pointer) : "memory")

uint64_t head_run(const HeadText* heads, size_t count, uint64_t rounds) {
  uint64_t accepted = 0;
  for (uint64_t round = 0; round < rounds; ++round) {
    for (size_t i = 0; i < count; ++i) accepted += (uint64_t)parse_head(heads[i]);
  }
  return accepted;
}
#endif

#ifdef __cplusplus
}
#endif

#endif
