/* Inspects a request head as it arrives, says what it holds and who is asking, and writes the head to forward.
 *
 * Usage: inspect [REQUEST.http PEER]   (without arguments: a request of its own)
 * Exit status: 0 complete, 1 rejected or incomplete, 2 something could not be read or made. */
#include <ostiary.h>

#include <inttypes.h>

#include <stdio.h>
#include <string.h>

enum { kHeadSizeMax = 128 * 1024, kPartSize = 16 };

static const char kOwnRequest[] =
    "GET /shop/./list?colour=dark%20red&page=2 HTTP/1.1\r\n"
    "Host: Shop.example\r\n"
    "Cookie: id=7; theme=dark\r\n"
    "X-Forwarded-For: 10.9.9.9, 198.51.100.4\r\n"
    "Priority: u=1, i\r\n"
    "\r\n";

static void print(const char* label, ostiary_bytes view) {
  printf("%-12s %.*s\n", label, (int)view.len, view.data == NULL ? "" : view.data);
}

/* A server would read from a socket here; whatever the parts are, the verdict is the same. */
static ostiary_reason inspect_in_parts(ostiary_inspection* inspection, ostiary_bytes all, ostiary_error* error) {
  ostiary_inspect_options options = OSTIARY_INSPECT_OPTIONS_INIT;
  ostiary_reason reason = OSTIARY_OK;
  ostiary_bytes so_far = {all.data, 0};
  options.scheme = OSTIARY_SCHEME_HTTPS;
  do {
    const size_t left = all.len - so_far.len;
    so_far.len += left < kPartSize ? left : kPartSize;
    reason = ostiary_inspect_more(inspection, so_far, &options, error);
  } while (reason == OSTIARY_OK && ostiary_inspection_progress(inspection) == OSTIARY_PROGRESS_NEED_MORE &&
           so_far.len < all.len);
  return reason;
}

static void print_pairs(const ostiary_inspection* inspection) {
  static ostiary_pair pairs[OSTIARY_PAIRS_MAX];
  static char memory[8 * 1024]; /* as large as a target may be */
  size_t count = 0;
  if (ostiary_inspection_cookies(inspection, pairs, OSTIARY_PAIRS_MAX, &count, NULL) == OSTIARY_OK) {
    for (size_t i = 0; i < count; ++i) print("cookie", pairs[i].name);
  }
  if (ostiary_inspection_parameters(inspection, pairs, OSTIARY_PAIRS_MAX, &count, NULL) != OSTIARY_OK) return;
  for (size_t i = 0; i < count; ++i) {
    ostiary_bytes value;
    if (ostiary_parameter_decode(pairs[i].value, OSTIARY_PLUS_IS_SPACE, memory, sizeof(memory), &value, NULL) ==
        OSTIARY_OK) {
      print("parameter", value);
    }
  }
}

/* The client is the last of the forwarded addresses: there is one proxy, and it is the peer. */
static ostiary_reason print_client(const ostiary_inspection* inspection, ostiary_bytes peer, ostiary_error* error) {
  ostiary_client_policy_options options = OSTIARY_CLIENT_POLICY_OPTIONS_INIT;
  ostiary_client_policy* policy = NULL;
  ostiary_client client;
  options.strategy = OSTIARY_CLIENT_TRUSTED_HOPS;
  options.trusted_hops = 1;
  ostiary_reason reason = ostiary_client_policy_new(&options, &policy, error);
  if (reason == OSTIARY_OK) reason = ostiary_inspection_client(inspection, policy, peer, &client, error);
  if (reason == OSTIARY_OK) printf("%-12s %s%s\n", "client", client.address, client.fell_back ? " (fell back)" : "");
  ostiary_client_policy_unref(policy);
  return reason;
}

static ostiary_reason print_forwarded(ostiary_inspection* inspection, ostiary_error* error) {
  const ostiary_header_edit edits[] = {{OSTIARY_HEADER_SET, 0, {"x-door", 6}, {"edge", 4}}};
  ostiary_bytes head;
  const ostiary_reason reason = ostiary_inspection_emit(inspection, edits, 1, NULL, &head, error);
  if (reason == OSTIARY_OK) printf("%.*s", (int)head.len, head.data);
  return reason;
}

/* Status 0 or 1, or 2 with the error filled. */
static int inspect(ostiary_inspection* inspection, ostiary_bytes request, ostiary_bytes peer, ostiary_error* error) {
  ostiary_reason_info info;
  if (inspect_in_parts(inspection, request, error) != OSTIARY_OK) return 2;
  const ostiary_finding verdict = ostiary_inspection_verdict(inspection);
  if (ostiary_inspection_progress(inspection) != OSTIARY_PROGRESS_COMPLETE) {
    ostiary_reason_find(verdict.reason, &info);
    printf("%.*s at byte %" PRIu32 "\n", (int)info.name.len, info.name.data, verdict.offset);
    return 1;
  }
  print("method", ostiary_inspection_method(inspection));
  print("host", ostiary_inspection_host(inspection));
  print("path", ostiary_inspection_path(inspection));
  for (size_t i = 0; i < ostiary_inspection_finding_count(inspection); ++i) {
    ostiary_reason_find(ostiary_inspection_finding_at(inspection, i).reason, &info);
    print("finding", info.name);
  }
  print_pairs(inspection);
  if (print_client(inspection, peer, error) != OSTIARY_OK) return 2;
  return print_forwarded(inspection, error) == OSTIARY_OK ? 0 : 2;
}

int main(int argc, char** argv) {
  static char file_bytes[kHeadSizeMax];
  ostiary_bytes request = {kOwnRequest, sizeof(kOwnRequest) - 1};
  ostiary_bytes peer = {"192.0.2.1", 9};
  ostiary_error error = OSTIARY_ERROR_INIT;
  ostiary_inspection* inspection = NULL;
  int status = 2;
  if (argc == 3) {
    FILE* file = fopen(argv[1], "rb");
    if (file == NULL) {
      fprintf(stderr, "cannot read %s\n", argv[1]);
      return 2;
    }
    request = (ostiary_bytes){file_bytes, fread(file_bytes, 1, sizeof(file_bytes), file)};
    peer = (ostiary_bytes){argv[2], strlen(argv[2])};
    fclose(file);
  }
  if (ostiary_inspection_new(&inspection, &error) == OSTIARY_OK) status = inspect(inspection, request, peer, &error);
  if (status == 2) fprintf(stderr, "%s\n", error.message);
  ostiary_inspection_free(inspection);
  return status;
}
