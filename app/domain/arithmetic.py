"""Recomputes the numbers of a case that follow from others."""

from __future__ import annotations

import ast
import operator
from collections.abc import Mapping

_OPERATORS = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.Pow: operator.pow,
}


def evaluate(formula: str, values: Mapping[str, float]) -> float:
    """Compute an arithmetic formula (+ - * / **, names, numbers, brackets).

    Raises:
        ValueError: the formula holds anything else, or a name that has no value.
        ZeroDivisionError: it divides by zero.
    """
    try:
        tree = ast.parse(formula, mode="eval")
    except (SyntaxError, RecursionError, MemoryError) as error:
        raise ValueError("it is not arithmetic") from error

    def walk(node: ast.AST) -> float:
        match node:
            case ast.Expression(body=body):
                return walk(body)
            case ast.Constant(value=int() | float() as number):
                return float(number)
            case ast.Name(id=name):
                if name not in values:
                    raise ValueError(f"no fact states {name!r}")
                return values[name]
            case ast.UnaryOp(op=ast.USub(), operand=operand):
                return -walk(operand)
            case ast.BinOp(left=left, op=op, right=right) if type(op) in _OPERATORS:
                return float(_OPERATORS[type(op)](walk(left), walk(right)))
            case _:
                raise ValueError("only + - * / **, numbers and names are allowed")

    try:
        return walk(tree)
    except (OverflowError, TypeError, RecursionError) as error:
        raise ValueError("it has no finite real value") from error
