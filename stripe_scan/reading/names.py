"""What a name in a Python file stands for, as far as Stripe goes: by scope, imports and assignments."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice

from stripe_scan.reading.kinds import each, last, part, returned

# As deep as an expression is followed, and as many items of a dictionary.
DEEPEST = 40
MOST_ITEMS = 200


@dataclass
class Scope:
    """The names of a module, a class or a function, each with the expressions it is bound to."""

    node: ast.AST
    outer: Scope | None = None
    names: dict[str, list[Binding]] = field(default_factory=dict)
    items: dict[str, list[tuple[str, ast.expr]]] = field(default_factory=dict)  # d["key"] = value

    def bind(self, name: str, how: str, value: ast.AST | Function | str | None) -> None:
        self.names.setdefault(name, []).append(Binding(how, value, self))


@dataclass(frozen=True)
class Binding:
    """One way in which a name gets its value.

    `how` is import, value, each, error, parameter, annotation, function, class or other.
    """

    how: str
    value: ast.AST | Function | str | None
    scope: Scope

    @property
    def node(self) -> ast.AST | None:
        """The expression, where it is one."""
        return self.value if isinstance(self.value, ast.AST) else None


@dataclass(frozen=True)
class Function:
    """A function of the file: the scope of what is in it, and what it returns."""

    scope: Scope
    returns: list[ast.expr] = field(default_factory=list)


def _is_getter(binding: Binding) -> bool:
    """Return whether a name is given what a function elsewhere returns: `stripe = get_stripe()`."""
    return binding.how == "value" and isinstance(binding.value, ast.Call)


class Names:
    """Resolves the expressions of one file."""

    def __init__(self) -> None:
        self.uses: dict[str, list[tuple[ast.Call, Scope]]] = {}  # calls of the file's own functions, by name
        self.has_star = False  # `from stripe import *`
        self.attributes: dict[int, dict[str, list[Binding]]] = {}  # of a class, by the id of its node
        self._items: dict[tuple[int, int], dict[str, ast.expr]] = {}
        self._known: dict[tuple[int, int], str] = {}
        self._asked: set[tuple[int, int]] = set()

    def kind(self, node: ast.AST | None, scope: Scope) -> str:
        """Return the kind of an expression."""
        key = (id(node), id(scope))
        if node is None or key in self._asked or len(self._asked) > DEEPEST:
            return ""
        if key not in self._known:
            self._asked.add(key)
            try:
                self._known[key] = self._find(node, scope)
            finally:
                self._asked.discard(key)
        return self._known[key]

    def _find(self, node: ast.AST, scope: Scope) -> str:
        match node:
            case ast.Name(id=name):
                return self.of_name(name, scope)
            case ast.Attribute(value=ast.Name(id="self" | "cls"), attr=attr):
                return self._of_attribute(attr, scope)
            case ast.Attribute(value=value, attr=attr):
                return part(self.kind(value, scope), attr)
            case ast.Call():
                return self._of_call(node, scope)
            case ast.Subscript(value=value, slice=ast.Constant(value=str(key))):
                return part(self.kind(value, scope), key)
            case ast.Subscript(value=value):
                return each(self.kind(value, scope))
            case ast.Await(value=value) | ast.NamedExpr(value=value) | ast.Starred(value=value):
                return self.kind(value, scope)
            case ast.IfExp(body=body, orelse=orelse):
                return self.kind(body, scope) or self.kind(orelse, scope)
            case ast.BoolOp(values=values):
                return next(filter(None, (self.kind(value, scope) for value in values)), "")
        return ""

    def of_name(self, name: str, scope: Scope) -> str:
        """Return the kind of a name as it is seen from a scope."""
        here: Scope | None = scope
        while here is not None:
            if name in here.names and (here is scope or not isinstance(here.node, ast.ClassDef)):
                bindings = here.names[name][:20]
                found = next(filter(None, map(self._of_binding, bindings)), "")
                if name == "stripe" and any(map(_is_getter, bindings)):
                    return "stripe"
                # In the body of a class, `stripe = stripe` takes the name from outside.
                if found or not isinstance(here.node, ast.ClassDef):
                    return found
            here = here.outer
        return f"stripe.{name}" if self.has_star and name[:1].isupper() else ""

    def values(self, name: str, scope: Scope) -> list[ast.expr]:
        """Return the expressions that a name is given where it is seen from a scope."""
        here: Scope | None = scope
        while here is not None and name not in here.names:
            here = here.outer
        bindings = here.names[name][:20] if here else []
        return [one.value for one in bindings if one.how == "value" and isinstance(one.value, ast.expr)]

    def _of_binding(self, binding: Binding) -> str:
        match binding.how:
            case "import":
                return str(binding.value)
            case "value":
                return self.kind(binding.node, binding.scope)
            case "each":
                return each(self.kind(binding.node, binding.scope))
            case "parameter":
                return next(filter(None, self._given(binding)), "")
            case "annotation":
                kind = self.kind(binding.node, binding.scope)
                return f"<{last(kind)}>" if kind.startswith("stripe.") and last(kind)[:1].isupper() else ""
            case "error":
                return "<error>" if is_stripe_error(self, binding.node, binding.scope) else ""
        return ""

    def _given(self, binding: Binding) -> Iterator[str]:
        """Yield the kinds of what a parameter is given by the calls in the same file."""
        function = binding.scope.node
        if not isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
            return
        names = [arg.arg for arg in (*function.args.posonlyargs, *function.args.args)]
        if binding.value not in names:
            return
        place = names.index(str(binding.value)) - (names[0] in ("self", "cls"))
        owner = binding.scope.outer.node if binding.scope.outer else None
        is_made = function.name == "__init__" and isinstance(owner, ast.ClassDef)
        called = owner.name if is_made and isinstance(owner, ast.ClassDef) else function.name
        for call, scope in self.uses.get(called, ())[:10]:
            named = [keyword.value for keyword in call.keywords if keyword.arg == binding.value]
            for value in [*named, *call.args[place : place + 1]][:1] if place >= 0 else ():
                yield self.kind(value, scope)

    def _of_attribute(self, name: str, scope: Scope) -> str:
        """Return the kind of `self.name`: by the assignments in its class, or by its name alone."""
        here: Scope | None = scope
        while here is not None and not isinstance(here.node, ast.ClassDef):
            here = here.outer
        bindings = self.attributes.get(id(here.node), {}).get(name, []) if here else []
        if here and not bindings:
            bindings = here.names.get(name, [])
        if not bindings and name == "stripe":
            return "stripe"
        return next(filter(None, map(self._of_binding, bindings[:20])), "")

    def target(self, call: ast.Call, scope: Scope) -> tuple[str, list[ast.expr]]:
        """Return the kind of what a call calls, and its positional arguments.

        `retry(stripe.Charge.create, amount=…)` calls `stripe.Charge.create`.
        """
        path = self.kind(call.func, scope).removesuffix("_async")
        if path and not path.endswith((">", "stripe")):
            return path, call.args
        if call.args and isinstance(call.args[0], ast.Attribute | ast.Name):
            inner = self.kind(call.args[0], scope)
            if inner.startswith("stripe.") and last(inner)[:1].islower() and inner.count(".") > 1:
                return inner, call.args[1:]
            if inner.startswith("<") and last(inner) in ("create", "retrieve", "delete", "save", "refund"):
                return inner, call.args[1:]
        return path, call.args

    def _of_call(self, call: ast.Call, scope: Scope) -> str:
        match call:
            case ast.Call(func=ast.Name(id="getattr"), args=[value, ast.Constant(value=str(name)), *_]):
                return part(self.kind(value, scope), name)
            case ast.Call(func=ast.Name(id="partial") | ast.Attribute(attr="partial"), args=[value, *_]):
                return self.kind(value, scope)
            case ast.Call(func=ast.Name(id="list" | "iter" | "next" | "reversed" | "sorted"), args=[value, *_]):
                return self.kind(value, scope)
        path, _args = self.target(call, scope)
        if path:
            return returned(path)
        return self._of_own_function(call.func, scope) or listed(call)

    def _of_own_function(self, func: ast.expr, scope: Scope) -> str:
        """Return the kind of what a function of the same file returns."""
        kinds = (self.kind(value, inner) for value, inner in self._returns(func, scope))
        return next(filter(None, kinds), "")

    def _returns(self, func: ast.expr, scope: Scope) -> list[tuple[ast.expr, Scope]]:
        """Return what a function of the same file returns, with its scope: nothing for any other function."""
        name = func.id if isinstance(func, ast.Name) else func.attr if isinstance(func, ast.Attribute) else ""
        owner = func.value if isinstance(func, ast.Attribute) else None
        is_own = owner is None or (isinstance(owner, ast.Name) and owner.id in ("self", "cls"))
        here: Scope | None = scope if is_own else None
        while here is not None:
            for binding in here.names.get(name, ()):
                if isinstance(binding.value, Function):
                    return [(value, binding.value.scope) for value in binding.value.returns[:10]]
            here = here.outer
        return []

    def keywords(self, call: ast.Call, scope: Scope) -> dict[str, ast.expr]:
        """Return the keyword arguments of a call, with those of a dictionary built before it."""
        given: dict[str, ast.expr] = {}
        for keyword in call.keywords:
            if keyword.arg is None:
                given |= self.items(keyword.value, scope)
        return given | {keyword.arg: keyword.value for keyword in call.keywords if keyword.arg}

    def items(self, node: ast.expr, scope: Scope) -> dict[str, ast.expr]:
        """Return the items of a dictionary with literal keys, as far as this file shows them."""
        key = (id(node), id(scope))
        if key not in self._items:
            self._items[key] = {}  # a dictionary that holds itself
            self._items[key] = dict(islice(self._find_items(node, scope), MOST_ITEMS))
        return self._items[key]

    def _find_items(self, node: ast.expr, scope: Scope) -> Iterator[tuple[str, ast.expr]]:
        match node:
            case ast.Dict(keys=keys, values=values):
                for key, value in zip(keys, values, strict=True):
                    if key is None:
                        yield from self.items(value, scope).items()
                    elif isinstance(key, ast.Constant) and isinstance(key.value, str):
                        yield key.value, value
            case ast.Call(func=ast.Name(id="dict"), keywords=keywords):
                yield from ((keyword.arg, keyword.value) for keyword in keywords if keyword.arg)
            case ast.Call(func=func):
                for value, inner in self._returns(func, scope):
                    yield from self.items(value, inner).items()
            case ast.Name(id=name):
                here: Scope | None = scope
                while here is not None and name not in here.names:
                    here = here.outer
                for binding in here.names[name][:20] if here else ():
                    if binding.how == "value" and isinstance(binding.value, ast.expr):
                        yield from self.items(binding.value, binding.scope).items()
                yield from here.items.get(name, ()) if here else ()


def listed(call: ast.Call) -> str:
    """Return the kind of `customer.subscriptions.all(limit=5)` for a customer from elsewhere.

    A relation of Django's has the same name, and its `all()` takes nothing.
    """
    match call:
        case ast.Call(func=ast.Attribute(value=ast.Attribute(attr=attr), attr="all" | "list"), keywords=[_, *_]):
            return {"subscriptions": "<list Subscription>", "sources": "<list Source>"}.get(attr, "")
    return ""


def is_stripe_error(names: Names, types: ast.AST | None, scope: Scope) -> bool:
    """Return whether a handler catches an exception of Stripe."""
    each_type: list[ast.AST | None] = list(types.elts) if isinstance(types, ast.Tuple) else [types]
    for one in each_type[:20]:
        given = names.values(one.id, scope) if isinstance(one, ast.Name) else [one]
        each_type += [inner for value in given if isinstance(value, ast.Tuple) for inner in value.elts]
    return any(names.kind(one, scope).startswith("stripe.") for one in each_type[:200])
