#include "stack.h"

void stack_push(struct stack *stack, int item) {
    stack->items[stack->size++] = item;
}

int stack_pop(struct stack *stack) {
    return stack->items[--stack->size];
}
