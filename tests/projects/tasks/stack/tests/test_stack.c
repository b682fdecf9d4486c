#include <stdio.h>

#include "stack.h"

int main(void) {
    struct stack stack = {{0}, 0};
    stack_push(&stack, 3);
    stack_push(&stack, 4);
    int sum = stack_sum(&stack);
    printf("%s 1 - the sum of two\n  got %d, want 7\n1..1\n", sum == 7 ? "ok" : "not ok", sum);
    return sum != 7;
}
