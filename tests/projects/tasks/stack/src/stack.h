struct stack {
    int items[16];
    int size;
};

void stack_push(struct stack *stack, int item);
int stack_pop(struct stack *stack);
int stack_sum(struct stack *stack);
