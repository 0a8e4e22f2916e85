/* Decides about one request of the shop example.
 *
 * Usage: decide [GATE.json KEYS.json REQUEST.http]   (defaults: examples/shop, run from the repository's root)
 * Exit status: 0 allowed, 1 denied, 2 something could not be read or built. */
#include <ostiary.h>

#include <inttypes.h>

#include <stdio.h>
#include <stdlib.h>

enum { kFileSizeMax = 1024 * 1024 };

/* Reads a whole file into memory the caller frees; data is NULL when that fails. */
static ostiary_bytes read_file(const char* path) {
  ostiary_bytes bytes = {NULL, 0};
  FILE* file = fopen(path, "rb");
  char* data = malloc(kFileSizeMax);
  if (file != NULL && data != NULL) {
    bytes.len = fread(data, 1, kFileSizeMax, file);
    bytes.data = data;
  } else {
    fprintf(stderr, "cannot read %s\n", path);
    free(data);
  }
  if (file != NULL) fclose(file);
  return bytes;
}

static ostiary_engine* make_engine(ostiary_bytes gate_json, ostiary_bytes jwks, ostiary_error* error) {
  ostiary_gate* gate = NULL;
  ostiary_key_set* keys = NULL;
  ostiary_engine* engine = NULL;
  if (ostiary_gate_from_json(gate_json, &gate, error) == OSTIARY_OK &&
      ostiary_key_set_from_jwks(jwks, &keys, error) == OSTIARY_OK) {
    const ostiary_issuer_keys issuer_keys = {ostiary_gate_issuer_id_at(gate, 0), keys};
    ostiary_engine_new(gate, &issuer_keys, 1, &engine, error);
  }
  ostiary_key_set_unref(keys); /* the engine keeps what it needs */
  ostiary_gate_unref(gate);
  return engine;
}

static void print_decision(const ostiary_decision* decision) {
  ostiary_reason_info reason;
  const ostiary_bytes route = ostiary_decision_route(decision);
  ostiary_reason_find(ostiary_decision_reason(decision), &reason);
  printf("%s %.*s (%" PRIu32 ") route=%.*s\n",
         ostiary_decision_effect(decision) == OSTIARY_EFFECT_ALLOW ? "allow" : "deny", (int)reason.name.len,
         reason.name.data, ostiary_decision_http_status(decision), (int)route.len,
         route.data == NULL ? "" : route.data);
  for (size_t i = 0; i < ostiary_decision_header_count(decision); ++i) {
    const ostiary_header_edit edit = ostiary_decision_header_at(decision, i);
    printf("  %s %.*s\n", edit.kind == OSTIARY_HEADER_REMOVE ? "remove" : "set   ", (int)edit.name.len, edit.name.data);
  }
}

int main(int argc, char** argv) {
  const char* gate_path = argc == 4 ? argv[1] : "examples/shop/gate.json";
  const char* keys_path = argc == 4 ? argv[2] : "examples/shop/keys.json";
  const char* request_path = argc == 4 ? argv[3] : "examples/shop/requests/001-curl-health.http";
  ostiary_error error = OSTIARY_ERROR_INIT;
  ostiary_facts facts = OSTIARY_FACTS_INIT;
  ostiary_decision* decision = NULL;
  int status = 2;

  const ostiary_bytes gate_json = read_file(gate_path);
  const ostiary_bytes jwks = read_file(keys_path);
  const ostiary_bytes head = read_file(request_path);
  ostiary_engine* engine = make_engine(gate_json, jwks, &error);
  facts.now_s = 1800000000; /* a host passes its clock here */
  facts.peer = (ostiary_bytes){"203.0.113.7", 11};
  if (engine != NULL && ostiary_decision_new(&decision, &error) == OSTIARY_OK &&
      ostiary_engine_decide_bytes(engine, head, &facts, decision, &error) == OSTIARY_OK) {
    print_decision(decision);
    status = ostiary_decision_effect(decision) == OSTIARY_EFFECT_ALLOW ? 0 : 1;
  } else {
    fprintf(stderr, "%s:%" PRIu32 ":%" PRIu32 ": %s\n", gate_path, error.line, error.column, error.message);
  }

  ostiary_decision_free(decision);
  ostiary_engine_unref(engine);
  free((void*)gate_json.data);
  free((void*)jwks.data);
  free((void*)head.data);
  return status;
}
