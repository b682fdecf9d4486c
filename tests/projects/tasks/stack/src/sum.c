#include "stack.h"

int stack_sum(struct stack *stack) {
    int sum = 0;
    while (stack->size > 0) {
        sum += stack_popp(stack);
    }
    return sum;
}
