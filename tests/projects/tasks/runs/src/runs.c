#include "runs.h"

/* How many of two steps do not go down. */
int rising(int first, int second, int third) {
    int count = 0;
    if (second > first) {
        count++;
    }
    if (third >= second) {
        count++;
    }
    return count;
}
