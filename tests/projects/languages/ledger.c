#include <stdio.h>
#include "ledger.h"

#define LIMIT 100
#define TWICE(n) \
  ((n) * 2)

/* A line of the ledger. */
typedef struct entry {
  int amount;
  int (*check)(int);
} entry_t;

typedef struct {
  int pages;
} book_t;

struct page { int number; };

enum side { DEBIT, CREDIT = 2 };

typedef int (*hook_t)(int);

static const char *names[] = { "a" };
int count = 0;

int prototype(int n);

/* The sign decides. */
static inline enum side *
side(entry_t *entry) {
  int local = 1;
  return store_ask(entry->check(local));
}

#ifdef SHOP
SHOP_API int WINAPI audit(book_t *book) {
  return TWICE(book->pages);
}
#endif

TEST_IMPL(keeps_the_amount) {
  return audit(0);
}
