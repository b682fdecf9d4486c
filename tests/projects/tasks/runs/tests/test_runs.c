#include <stdio.h>

#include "runs.h"

static int number, failures;

static void is(int got, int want, const char *name) {
    number++;
    if (got == want) {
        printf("ok %d - %s\n", number, name);
        return;
    }
    failures++;
    printf("not ok %d - %s\n  got %d, want %d\n", number, name, got, want);
}

int main(void) {
    is(rising(1, 2, 3), 2, "two steps up");
    is(rising(3, 2, 1), 0, "two steps down");
    printf("1..%d\n", number);
    return failures > 0;
}
