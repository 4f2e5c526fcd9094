"""A Python file: its tree with parents and scopes, and its nodes sorted by type in one walk."""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import TypeVar, overload

from stripe_scan.reading.broken import parse, parse_broken
from stripe_scan.reading.kinds import last
from stripe_scan.reading.names import Binding, Function, Names, Scope

A = TypeVar("A", bound=ast.AST)
B = TypeVar("B", bound=ast.AST)
C = TypeVar("C", bound=ast.AST)

# What can bind a name, or be asked for by one; most nodes are names and constants.
BINDING = (
    ast.mod,
    ast.stmt,
    ast.Lambda,
    ast.NamedExpr,
    ast.comprehension,
    ast.withitem,
    ast.ExceptHandler,
    ast.Call,
)
FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)


@dataclass
class Call:
    """A call of Stripe's: what is called (`path`), and how."""

    node: ast.Call
    scope: Scope
    path: str
    args: list[ast.expr]
    keywords: dict[str, ast.expr]

    @property
    def line(self) -> int:
        return self.node.lineno

    def line_of(self, keyword: str) -> int:
        """Return the line of a keyword, or that of the call where it comes from a dictionary elsewhere."""
        return next((one.value.lineno for one in self.node.keywords if one.arg == keyword), self.line)


@dataclass
class PythonFile:
    """What the rules for Python look at."""

    path: str
    text: str
    tree: ast.Module
    is_whole: bool  # parsed as it is, without leaving anything out
    nodes: dict[type[ast.AST], list[ast.AST]] = field(default_factory=lambda: defaultdict(list))
    parents: dict[int, ast.AST] = field(default_factory=dict)
    scopes: dict[int, Scope] = field(default_factory=dict)
    docstrings: set[int] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.lower = self.text.lower()
        self.names = Names()
        _Walk(self).run()
        self.calls = list(self._calls())

    @property
    def is_test(self) -> bool:
        name = self.path.lower().rpartition("/")[2]
        folders = self.path.lower().split("/")[:-1]
        return name.startswith(("test_", "tests", "conftest")) or name.endswith("_test.py") or "tests" in folders

    @property
    def is_migration(self) -> bool:
        return bool({"migrations", "alembic", "versions"} & set(self.path.split("/")))

    @cached_property
    def callers(self) -> set[str]:
        """The names of the functions that call Stripe themselves."""
        inside = (self.function(call.node) for call in self.calls if call.path.startswith("stripe."))
        return {function.name for function in inside if function is not None}

    @overload
    def of(self, one: type[A], /) -> Iterator[A]: ...
    @overload
    def of(self, one: type[A], two: type[B], /) -> Iterator[A | B]: ...
    @overload
    def of(self, one: type[A], two: type[B], three: type[C], /) -> Iterator[A | B | C]: ...
    def of(self, *types: type[ast.AST]) -> Iterator[ast.AST]:
        """Yield the nodes of these types, of one type after the other."""
        for one in types:
            yield from self.nodes[one]

    def scope(self, node: ast.AST) -> Scope:
        return self.scopes[id(node)]

    def kind(self, node: ast.AST) -> str:
        return self.names.kind(node, self.scopes[id(node)])

    def above(self, node: ast.AST) -> Iterator[ast.AST]:
        """Yield what a node is in, from the inside out."""
        above = self.parents.get(id(node))
        while above is not None:
            yield above
            above = self.parents.get(id(above))

    def function(self, node: ast.AST) -> ast.FunctionDef | ast.AsyncFunctionDef | None:
        """Return the function that a node is in."""
        return next((one for one in self.above(node) if isinstance(one, FUNCTIONS[:2])), None)

    def in_f_string(self, node: ast.AST) -> bool:
        """Return whether a node is in an f-string, where Python 3.11 counts its columns otherwise."""
        return any(isinstance(above, ast.JoinedStr) for above in self.above(node))

    @overload
    def within(self, node: ast.AST, one: type[A], /) -> Iterator[A]: ...
    @overload
    def within(self, node: ast.AST, one: type[A], two: type[B], /) -> Iterator[A | B]: ...
    def within(self, node: ast.AST, *types: type[ast.AST]) -> Iterator[ast.AST]:
        """Yield the nodes of these types below a node."""
        return (one for one in ast.walk(node) if isinstance(one, types))

    def strings(self) -> Iterator[tuple[ast.Constant, str]]:
        """Yield the texts of the file, each with its node, without docstrings."""
        for node in self.of(ast.Constant):
            if isinstance(node.value, str) and id(node) not in self.docstrings:
                yield node, node.value

    def calls_of(self, *paths: str) -> Iterator[Call]:
        """Yield the calls of these, such as `stripe.Charge.create`; `<*>.save` is a method of any object."""
        for call in self.calls:
            if call.path in paths or ("<*>." + last(call.path) in paths and call.path.startswith("<")):
                yield call

    def _calls(self) -> Iterator[Call]:
        for node in self.of(ast.Call):
            scope = self.scopes[id(node)]
            path, args = self.names.target(node, scope)
            if path:
                yield Call(node, scope, path, args, self.names.keywords(node, scope))


def read(path: str, text: str) -> PythonFile:
    """Return a file's tree with names; raises nothing, whatever the text."""
    tree = parse(text)
    return PythonFile(path, text, tree or parse_broken(text), tree is not None)


class _Walk:
    """Walks a tree once, without recursion: the depth is the file's to choose."""

    def __init__(self, file: PythonFile) -> None:
        self.file = file

    def run(self) -> None:
        top = Scope(self.file.tree)
        stack: list[tuple[ast.AST, Scope]] = [(self.file.tree, top)]
        while stack:
            node, scope = stack.pop()
            self.file.nodes[type(node)].append(node)
            self.file.scopes[id(node)] = scope
            inner = self._enter(node, scope) if isinstance(node, BINDING) else scope
            # Load and Store are the same objects everywhere.
            children = [child for child in ast.iter_child_nodes(node) if not isinstance(child, ast.expr_context)]
            for child in children:
                self.file.parents[id(child)] = node
            stack += [(child, inner) for child in reversed(children)]

    def _enter(self, node: ast.AST, scope: Scope) -> Scope:
        """Record what a node binds; return the scope of what is in it."""
        match node:
            case ast.Module() | ast.ClassDef() | ast.FunctionDef() | ast.AsyncFunctionDef():
                return self._open(node, scope)
            case ast.Lambda():
                inner = Scope(node, scope)
                self._parameters(node.args, inner)
                return inner
            case ast.Import(names=names):
                self._imports(names, scope)
            case ast.ImportFrom(module=module, names=names, level=level):
                self._import_from(module or "", names, level, scope)
            case ast.Assign(targets=targets, value=value):
                for target in targets:
                    self._assign(target, value, scope)
            case ast.AnnAssign(target=target, value=value) if value is not None:
                self._assign(target, value, scope)
            case ast.NamedExpr(target=target, value=value):
                self._assign(target, value, scope)
            case ast.For() | ast.AsyncFor() | ast.comprehension():
                self._bind(node.target, "each", node.iter, scope)
            case ast.withitem(context_expr=value, optional_vars=target) if target is not None:
                self._bind(target, "value", value, scope)
            case ast.ExceptHandler(type=types, name=name) if name:
                scope.bind(name, "error", types)
            case ast.Call(func=ast.Name(id=name) | ast.Attribute(value=ast.Name(id="self" | "cls"), attr=name)):
                self.file.names.uses.setdefault(name, []).append((node, scope))
            case ast.Call(func=ast.Attribute(value=ast.Name(id=name), attr="update"), args=[ast.Dict() as given]):
                items = zip(given.keys, given.values, strict=True)
                for key, value in items:
                    if isinstance(key, ast.Constant) and isinstance(key.value, str):
                        scope.items.setdefault(name, []).append((key.value, value))
            case ast.Return(value=value) if value is not None and isinstance(scope.node, FUNCTIONS):
                for binding in scope.outer.names.get(getattr(scope.node, "name", ""), ()) if scope.outer else ():
                    if isinstance(binding.value, Function) and binding.value.scope is scope:
                        binding.value.returns.append(value)
        return scope

    def _open(self, node: ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef, scope: Scope) -> Scope:
        first = node.body[0] if node.body else None
        if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant):
            self.file.docstrings.add(id(first.value))
        if isinstance(node, ast.Module):
            return scope
        inner = Scope(node, scope)
        if isinstance(node, ast.ClassDef):
            scope.bind(node.name, "class", node)
            return inner
        scope.bind(node.name, "function", Function(inner))
        self._parameters(node.args, inner)
        return inner

    def _parameters(self, args: ast.arguments, inner: Scope) -> None:
        every = [*args.posonlyargs, *args.args, *args.kwonlyargs, args.vararg, args.kwarg]
        for arg in filter(None, every):
            inner.bind(arg.arg, "annotation" if arg.annotation else "parameter", arg.annotation or arg.arg)
        for arg, default in zip(reversed([*args.posonlyargs, *args.args]), reversed(args.defaults), strict=False):
            inner.bind(arg.arg, "value", default)

    def _imports(self, names: list[ast.alias], scope: Scope) -> None:
        for alias in names:
            is_stripe = alias.name.partition(".")[0] == "stripe"
            path = alias.name if alias.asname else alias.name.partition(".")[0]
            scope.bind(alias.asname or path, "import" if is_stripe else "other", path)

    def _import_from(self, module: str, names: list[ast.alias], level: int, scope: Scope) -> None:
        is_stripe = not level and module.partition(".")[0] == "stripe"
        for alias in names:
            if is_stripe and alias.name == "*":
                self.file.names.has_star = True
            elif is_stripe:
                path = f"{module}.{alias.name}"
                for inside in ("_error", "resource", "api_resources"):
                    path = path.replace(f"stripe.{inside}.", "stripe.")
                scope.bind(alias.asname or alias.name, "import", path)
            elif alias.name == "stripe":  # a module of the project that imports it
                scope.bind(alias.asname or alias.name, "import", "stripe")
            else:
                scope.bind(alias.asname or alias.name, "other", None)

    def _assign(self, target: ast.AST, value: ast.expr, scope: Scope) -> None:
        match target:
            case ast.Attribute(value=ast.Name(id="self" | "cls"), attr=attr):
                here: Scope | None = scope
                while here is not None and not isinstance(here.node, ast.ClassDef):
                    here = here.outer
                if here is not None:
                    self._keep(here, attr, value, scope)
            case ast.Subscript(value=ast.Name(id=name), slice=ast.Constant(value=str(key))):
                scope.items.setdefault(name, []).append((key, value))
            case ast.Tuple(elts=targets) if isinstance(value, ast.Tuple) and len(value.elts) == len(targets):
                for one, its in zip(targets, value.elts, strict=True):
                    self._assign(one, its, scope)
            case _:
                self._bind(target, "value", value, scope)

    def _keep(self, owner: Scope, attr: str, value: ast.expr, scope: Scope) -> None:
        bindings = self.file.names.attributes.setdefault(id(owner.node), {})
        bindings.setdefault(attr, []).append(Binding("value", value, scope))

    def _bind(self, target: ast.AST, how: str, value: ast.expr, scope: Scope) -> None:
        if isinstance(target, ast.Name):
            scope.bind(target.id, how, value)
        elif isinstance(target, ast.Tuple | ast.List):
            for one in target.elts:
                self._bind(one, "other", value, scope)
