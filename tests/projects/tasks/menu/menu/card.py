"""The card as guests see it."""

from menu.dishes import dish_names, dish_prise


def card():
    return [f"{name} {dish_prise(name)}" for name in dish_names()]
