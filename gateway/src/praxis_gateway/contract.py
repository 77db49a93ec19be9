"""The contract as data: services and methods, their HTTP bindings, their comments."""

from __future__ import annotations

import functools
import importlib
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import resources

from google.api import annotations_pb2
from google.protobuf import descriptor_pool
from google.protobuf.descriptor import (
    Descriptor,
    EnumDescriptor,
    FieldDescriptor,
    MethodDescriptor,
    ServiceDescriptor,
)
from google.protobuf.descriptor_pb2 import (
    DescriptorProto,
    FileDescriptorProto,
    FileDescriptorSet,
    MethodOptions,
)

_VARIABLE = re.compile(r"\{([a-z0-9_]+)\}")
_STARTING = ("Execute", "Rerun", "Retry")


@dataclass(frozen=True)
class Binding:
    """One verb and path of one RPC."""

    verb: str
    path: str
    has_body: bool
    method: MethodDescriptor

    @property
    def variables(self) -> tuple[str, ...]:
        """Request fields that the path carries, in order."""
        return tuple(_VARIABLE.findall(self.path))

    @property
    def rpc(self) -> str:
        """`/package.Service/Method`."""
        return f"/{self.method.containing_service.full_name}/{self.method.name}"

    @property
    def changes(self) -> bool:
        """Whether a call has side effects."""
        level = self.method.GetOptions().idempotency_level
        return bool(level != MethodOptions.NO_SIDE_EFFECTS)

    @property
    def status(self) -> int:
        """201 for what creates, 202 for what starts, 200 for the rest."""
        if self.method.name.startswith("Create"):
            return 201
        return 202 if self.method.name.startswith(_STARTING) else 200

    @property
    def parameters(self) -> tuple[FieldDescriptor, ...]:
        """Request fields that the query may carry: plain ones, when there is no body."""
        if self.has_body:
            return ()
        fields = self.method.input_type.fields
        return tuple(f for f in fields if f.message_type is None and f.name not in self.variables)


@functools.cache
def bindings() -> tuple[Binding, ...]:
    """Every binding of every service in the contract.

    Raises: ValueError for an annotation in a form that the gateway does not speak.
    """
    return tuple(
        binding
        for service in services()
        for method in service.methods
        for binding in _bindings_of(method)
    )


def _bindings_of(method: MethodDescriptor) -> Iterator[Binding]:
    options = method.GetOptions()
    if not options.HasExtension(annotations_pb2.http):
        return
    first = options.Extensions[annotations_pb2.http]
    for rule in (first, *first.additional_bindings):
        verb = rule.WhichOneof("pattern") or ""
        path = getattr(rule, verb, "")
        plain = not re.search(r"[{}*:]", _VARIABLE.sub("", path))
        if method.server_streaming or rule.body not in ("", "*") or not plain or verb == "custom":
            raise ValueError(f"{method.full_name}: this form of google.api.http is not spoken")
        binding = Binding(verb.upper(), path, rule.body == "*", method)
        for name in binding.variables:
            if method.input_type.fields_by_name[name].type != FieldDescriptor.TYPE_STRING:
                raise ValueError(f"{method.full_name}: {name} must be text")
        yield binding


def location_of(binding: Binding) -> str | None:
    """Where what a call made can be fetched: the path of the GET that answers with its type."""
    if binding.status == 200:
        return None
    made = binding.method.output_type
    for other in bindings():
        if other.verb == "GET" and other.method.output_type is made and len(other.variables) == 1:
            return _VARIABLE.sub("{id}", other.path)
    return None


@functools.cache
def _files() -> tuple[FileDescriptorProto, ...]:
    data = resources.files("praxis").joinpath("descriptors.binpb").read_bytes()
    every = FileDescriptorSet.FromString(data).file
    return tuple(file for file in every if file.package.startswith("praxis."))


@functools.cache
def services() -> tuple[ServiceDescriptor, ...]:
    """Every service of the contract that has a method over HTTP; its stubs are loaded."""
    for file in _files():
        importlib.import_module(file.name.removesuffix(".proto").replace("/", ".") + "_pb2")
    pool = descriptor_pool.Default()
    names = [f"{file.package}.{service.name}" for file in _files() for service in file.service]
    found = (pool.FindServiceByName(name) for name in names)
    return tuple(
        service
        for service in found
        if any(m.GetOptions().HasExtension(annotations_pb2.http) for m in service.methods)
    )


@functools.cache
def _comments() -> dict[str, str]:
    """Full name of everything in the contract → its comment."""
    found: dict[str, str] = {}
    for file in _files():
        names = dict(_paths(file))
        for place in file.source_code_info.location:
            name = names.get(tuple(place.path))
            if name is not None:
                found[name] = " ".join(place.leading_comments.split())
    return found


def comment(
    thing: Descriptor | EnumDescriptor | FieldDescriptor | MethodDescriptor | ServiceDescriptor,
) -> str:
    """What the contract says about `thing`, on one line."""
    return _comments().get(thing.full_name, "")


@functools.cache
def _ambiguous() -> frozenset[str]:
    """Names that messages of two packages share."""
    seen = Counter(message.name for file in _files() for message in file.message_type)
    return frozenset(name for name, times in seen.items() if times > 1)


def schema_name(message: Descriptor) -> str:
    """What OpenAPI calls `message`: its name, after its package's where another has it too."""
    if message.name not in _ambiguous():
        return message.name
    return message.file.package.split(".")[1].capitalize() + message.name


def value_comment(enum: EnumDescriptor, name: str) -> str:
    """What the contract says about the value `name` of `enum`, on one line."""
    return _comments().get(f"{enum.full_name}.{name}", "")


def _paths(file: FileDescriptorProto) -> Iterator[tuple[tuple[int, ...], str]]:
    """Place in the file, as descriptors number it → full name."""
    for i, message in enumerate(file.message_type):
        yield from _message_paths(message, (4, i), file.package)
    for i, enum in enumerate(file.enum_type):
        yield (5, i), f"{file.package}.{enum.name}"
        for j, value in enumerate(enum.value):
            yield (5, i, 2, j), f"{file.package}.{enum.name}.{value.name}"
    for i, service in enumerate(file.service):
        yield (6, i), f"{file.package}.{service.name}"
        for j, method in enumerate(service.method):
            yield (6, i, 2, j), f"{file.package}.{service.name}.{method.name}"


def _message_paths(
    message: DescriptorProto, path: tuple[int, ...], parent: str
) -> Iterator[tuple[tuple[int, ...], str]]:
    name = f"{parent}.{message.name}"
    yield path, name
    for j, field in enumerate(message.field):
        yield (*path, 2, j), f"{name}.{field.name}"
    for j, nested in enumerate(message.nested_type):
        yield from _message_paths(nested, (*path, 3, j), name)


def enum_names(enum: EnumDescriptor) -> dict[str, int]:
    """What clients write → number, without the UNSPECIFIED value."""
    prefix = enum.values_by_number[0].name.removesuffix("UNSPECIFIED")
    return {v.name.removeprefix(prefix).lower(): v.number for v in enum.values if v.number}


def map_value(field: FieldDescriptor) -> FieldDescriptor | None:
    """What the values of a map are; None when `field` is no map.

    Raises: TypeError for keys that are not text.
    """
    entry = field.message_type
    if entry is None or not entry.GetOptions().map_entry:
        return None
    if entry.fields_by_name["key"].type != FieldDescriptor.TYPE_STRING:
        raise TypeError(f"{field.full_name}: only text can be a key")
    return entry.fields_by_name["value"]


def is_optional(field: FieldDescriptor) -> bool:
    """Whether the contract calls `field` optional."""
    return field.containing_oneof is not None
