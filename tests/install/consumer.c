/* A consumer of the C interface. */
#include <ostiary.h>

#include <stdio.h>

int main(void) {
  ostiary_reason_info info;
  if (ostiary_reason_find(OSTIARY_ALLOWED, &info) != OSTIARY_OK) return 1;
  printf("capi: %.*s\n", (int)info.name.len, info.name.data);
  return info.http_status == 200 ? 0 : 1;
}
